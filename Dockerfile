# The image of Slipway: one static binary, no shell tools beyond Debian's base, a user without rights.
#
#   docker build --build-arg VERSION=v1.2.3 -t slipway .

FROM node:22-bookworm-slim AS ui
WORKDIR /src/ui
COPY ui/package.json ui/package-lock.json ui/.npmrc ./
RUN npm ci --no-audit --no-fund
COPY ui .
RUN npm run build

FROM golang:1.26-bookworm AS build
WORKDIR /src
# The modules first: they change less often than the code.
COPY go.mod go.sum ./
RUN go mod download
COPY . .
COPY --from=ui /src/ui/dist ui/dist
ARG VERSION=dev
RUN CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X main.version=${VERSION}" -o /out/slipway ./cmd/slipway

FROM debian:bookworm-slim
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /out/slipway /usr/local/bin/slipway
# Volumes mounted below /var/lib/slipway take over its owner when they are first used.
RUN useradd --system --uid 10001 --home-dir /var/lib/slipway --shell /usr/sbin/nologin slipway \
    && install --directory --owner slipway --mode 0750 /var/lib/slipway /var/lib/slipway/home /var/lib/slipway/keys
USER slipway
WORKDIR /var/lib/slipway
ENV SLIPWAY_HOME=/var/lib/slipway/home \
    SLIPWAY_KEYSET=/var/lib/slipway/keys/keyset.json \
    SLIPWAY_ADDR=0.0.0.0:8080 \
    SLIPWAY_LOG_FORMAT=json
EXPOSE 8080
ENTRYPOINT []
CMD ["slipway", "server"]
