-- The plan that a deployment was accepted with: it is carried out as it was shown, or not at all.

-- +goose Up
ALTER TABLE deployments ADD COLUMN plan_fingerprint text NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE deployments DROP COLUMN plan_fingerprint;
