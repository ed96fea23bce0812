"""What most tests stand on: one database, one Redis, and instances of the service over them."""

from .larder import Service
from .run import wait_until
from .servers import Redis


class Stack:
    def __init__(self, database, redis=True, **settings):
        self.database = database
        self.redis = Redis() if redis else None
        self._settings = settings
        self._services = []
        self._clients = []

    @property
    def settings(self):
        return {"DATABASE_URL": self.database, "REDIS_URL": self.redis.url if self.redis else None} | self._settings

    def service(self, ready=True, **settings):
        service = Service(ready, **(self.settings | settings))
        self._services.append(service)
        return service

    @property
    def first(self):
        return self._at(0)

    @property
    def second(self):
        return self._at(1)

    def _at(self, index):
        while len(self._services) <= index:
            self.service()
        return self._services[index]

    def client(self, service=None):
        client = (service or self.first).client()
        self._clients.append(client)
        return client

    def close(self):
        for client in self._clients:
            client.close()
        for service in self._services:
            service.close()
        if self.redis:
            self.redis.close()


def wait_for_hit(client, path, seconds=20):
    """Reads until the answer comes from the cache: while one writes, and when Redis is new, it does not."""
    def hit():
        answer = client.get(path)
        return answer if answer.is_hit else None

    return wait_until(hit, seconds, f"GET {path} is answered from the cache", every=0.02)
