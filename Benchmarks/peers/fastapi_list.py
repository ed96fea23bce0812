"""A page of products by FastAPI and asyncpg, in three ways of encoding it."""

import os
from contextlib import asynccontextmanager
from datetime import datetime
from decimal import Decimal

import asyncpg
import orjson
from fastapi import FastAPI
from fastapi.responses import Response
from pydantic import BaseModel

SQL = "SELECT id, category_id, title, actor, price, special, stock, sold, created_at, updated_at, version FROM products ORDER BY id LIMIT $1"


@asynccontextmanager
async def lifespan(app):
    app.pool = await asyncpg.create_pool(
        host=os.environ["PEER_HOST"], port=5432, user="larder", database="larder", min_size=10, max_size=10)
    yield
    await app.pool.close()


app = FastAPI(lifespan=lifespan)


class Product(BaseModel):
    id: int
    category_id: int
    title: str
    actor: str
    price: Decimal
    special: bool
    stock: int
    sold: int
    created_at: datetime
    updated_at: datetime
    version: int


class Page(BaseModel):
    items: list[Product]
    next: str | None


async def page(limit):
    async with app.pool.acquire() as connection:
        rows = await connection.fetch(SQL, limit + 1)
    items = [dict(row) for row in rows[:limit]]
    return {"items": items, "next": str(items[-1]["id"]) if len(rows) > limit else None}


@app.get("/orjson")
async def by_hand(limit: int = 50):
    return Response(orjson.dumps(await page(limit), default=str), media_type="application/json")


@app.get("/model", response_model=Page)
async def by_model(limit: int = 50):
    return await page(limit)


@app.get("/plain")
async def plain(limit: int = 50):
    return await page(limit)
