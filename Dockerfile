# One image a service: docker build --target gateway .   What there is to know stands in deploy/images/README.md.
# Both bases are only built with: nothing of theirs but the C library's packages is in what comes out.
ARG BUILDER=node:26-trixie-slim
ARG DEBIAN=debian:trixie-slim

# Packages are installed anew only when a package.json or the lock file has changed.
FROM $BUILDER AS manifests
COPY . /fingerpost
RUN find /fingerpost -type f ! -name package.json ! -name package-lock.json -delete \
 && find /fingerpost -type d -empty -delete

FROM $BUILDER AS packages
WORKDIR /fingerpost
COPY --from=manifests /fingerpost .
# Of all install scripts only the one that fetches Node is run. Its binary is the one thing here that the lock file has no hash of.
RUN --mount=type=cache,target=/root/.npm --mount=type=secret,id=ca --mount=type=secret,id=npmrc,target=/root/.npmrc \
    export NODE_EXTRA_CA_CERTS=/run/secrets/ca \
 && npm ci --ignore-scripts --no-audit --no-fund \
 && npm rebuild node --ignore-scripts=false
COPY deploy/images/node.sha256 /tmp/
RUN sed -n "s/ $(uname -m)$//p" /tmp/node.sha256 | sha256sum --check

FROM packages AS build
COPY . .
RUN NX_DAEMON=false node_modules/.bin/node node_modules/nx/dist/bin/nx.js run-many -t build --outputStyle=static \
    -p @fingerpost/gateway,@fingerpost/console,@fingerpost/registry,@fingerpost/runner,@fingerpost/secrets,@fingerpost/development-provider

# The system below Node: a C library, and bubblewrap for those who build walls.
FROM $DEBIAN AS system
ARG SOURCE_DATE_EPOCH=1767225600
COPY deploy/images/unpack.sh /
RUN /unpack.sh /system libc6 gcc-14-base libgcc-s1 libstdc++6 libatomic1
RUN /unpack.sh /walls bubblewrap libcap2 libselinux1 libpcre2-8-0

FROM $DEBIAN AS node-binary
ARG SOURCE_DATE_EPOCH=1767225600
RUN apt-get update -qq && apt-get install -qq --no-install-recommends binutils
COPY --from=packages /fingerpost/node_modules/node/bin/node /node
RUN install -D --strip /node /out/usr/local/bin/node && find /out -exec touch --date="@$SOURCE_DATE_EPOCH" {} +

FROM build AS assemble
ARG SOURCE_DATE_EPOCH=1767225600
COPY --from=system /system/var/lib/dpkg/status.d /system
COPY --from=system /walls/var/lib/dpkg/status.d /walls

FROM assemble AS gateway-app
RUN node_modules/.bin/node deploy/images/assemble.mjs gateway /system
FROM assemble AS registry-app
RUN node_modules/.bin/node deploy/images/assemble.mjs registry /system /walls
FROM assemble AS runner-app
RUN node_modules/.bin/node deploy/images/assemble.mjs runner /system /walls
FROM assemble AS secrets-app
RUN node_modules/.bin/node deploy/images/assemble.mjs secrets /system
FROM assemble AS development-provider-app
RUN node_modules/.bin/node deploy/images/assemble.mjs deploy/development-provider /system

# Node without a shell, for a user who is nobody in particular.
FROM scratch AS node
COPY --from=system /system /
COPY --from=node-binary /out /
ENV PATH=/usr/local/bin:/usr/bin NODE_ENV=production
USER 65532:65532
ENTRYPOINT ["node"]

FROM node AS service
ARG VERSION=0.0.0
ARG REVISION=unknown
LABEL org.opencontainers.image.vendor="Fingerpost" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version=$VERSION \
      org.opencontainers.image.revision=$REVISION
HEALTHCHECK --interval=15s --timeout=3s --start-period=30s CMD ["node", "/app/health.mjs"]

FROM service AS gateway
LABEL org.opencontainers.image.title="fingerpost-gateway" \
      org.opencontainers.image.description="Who asks, which integrations fit, which answers are at hand."
COPY --from=gateway-app /out /
ENV HOST=0.0.0.0 PORT=3000 FINGERPOST_PAGES=/app/console/dist FINGERPOST_DATA=/data
VOLUME /data
EXPOSE 3000
ENTRYPOINT ["node", "/app/services/gateway/dist/main.js"]

FROM service AS registry
LABEL org.opencontainers.image.title="fingerpost-registry" \
      org.opencontainers.image.description="What code there is, and what it may do."
COPY --from=system /walls /
COPY --from=registry-app /out /
ENV HEALTH_PORT=8081 FINGERPOST_INTEGRATIONS=/integrations FINGERPOST_DATA=/data
EXPOSE 8081
ENTRYPOINT ["node", "/app/services/registry/dist/main.js"]

FROM service AS runner
LABEL org.opencontainers.image.title="fingerpost-runner" \
      org.opencontainers.image.description="Runs integrations, fully isolated."
COPY --from=system /walls /
COPY --from=runner-app /out /
ENV HEALTH_PORT=8081
EXPOSE 8081
ENTRYPOINT ["node", "/app/services/runner/dist/main.js"]

FROM service AS secrets
LABEL org.opencontainers.image.title="fingerpost-secrets" \
      org.opencontainers.image.description="Values that integrations call others with, and the one way out."
COPY --from=secrets-app /out /
ENV HEALTH_PORT=8081 FINGERPOST_DATA=/data
VOLUME /data
EXPOSE 8081
ENTRYPOINT ["node", "/app/services/secrets/dist/main.js"]

# Lets anybody be anybody: never in production, where it does not start. Built when it is named.
FROM service AS development-provider
LABEL org.opencontainers.image.title="fingerpost-development-provider" \
      org.opencontainers.image.description="DEVELOPMENT ONLY: two people, no passwords."
COPY --from=development-provider-app /out /
ENV NODE_ENV=development HOST=0.0.0.0 HEALTH_PORT=8081 HEALTH_HOST=127.0.0.1
EXPOSE 3001
ENTRYPOINT ["node", "/app/deploy/development-provider/dist/main.js"]
