# Needs BuildKit, which docker build has used by itself since version 23.
#
# Debian's packages are not pinned: an old version cannot be had any more once it has a security fix.
FROM swift:6.3-bookworm AS build
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends \
        libhiredis-dev libpq-dev libssl-dev libuv1-dev pkg-config zlib1g-dev \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY Package.swift ./
COPY Sources ./Sources
# Not built, but Package.swift names them and SwiftPM wants to see them.
COPY Tests ./Tests
# The cache makes the next build incremental. It is not part of the image, so the program is copied out of it.
RUN --mount=type=cache,target=/src/.build \
    swift build --configuration release --product larder --static-swift-stdlib \
    && install -D .build/release/larder /out/larder

FROM debian:bookworm-slim
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends \
        ca-certificates libhiredis0.14 libpq5 libssl3 libstdc++6 libuv1 zlib1g \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --no-log-init --uid 10001 --no-create-home --shell /usr/sbin/nologin larder
COPY --from=build /out/larder /usr/local/bin/larder
COPY Migrations /usr/share/larder/Migrations
ENV MIGRATIONS_DIR=/usr/share/larder/Migrations
USER 10001
# Fails here, not in production, if a library is missing.
RUN ["larder", "version"]
# Larder listens on loopback unless told otherwise; to be reached from outside set HTTP_HOST=0.0.0.0 and decide API_AUTH
# (and ADMIN_HOST and ADMIN_AUTH for the admin listener).
EXPOSE 8080 8081
# bash can speak enough HTTP by itself: no other tool is needed in the image.
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s --retries=3 \
    CMD ["bash", "-c", "exec 3<>\"/dev/tcp/127.0.0.1/${ADMIN_PORT:-8081}\" && printf 'GET /readyz HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n' >&3 && read -r _ status _ <&3 && [ \"$status\" = 200 ]"]
ENTRYPOINT ["larder"]
CMD ["serve"]
