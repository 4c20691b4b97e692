-- When the tokens end that the pull secrets of environments were made of, so that they are renewed before.

-- +goose Up
CREATE TABLE pull_secret_tokens (
    org_id TEXT NOT NULL,
    app_id TEXT NOT NULL,
    env_id TEXT NOT NULL,
    registry_id TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (org_id, app_id, env_id, registry_id),
    FOREIGN KEY (org_id, app_id, env_id) REFERENCES environments (org_id, app_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX pull_secret_tokens_due ON pull_secret_tokens (expires_at);

-- +goose Down
DROP TABLE pull_secret_tokens;
