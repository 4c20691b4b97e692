package store

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/testenv"
)

// TestLongestKeysFit stores a resource whose ids are as long as the orchestrator lets them be, of letters that cannot be compressed:
// PostgreSQL has no room for more than 2,704 bytes in an entry of an index.
func TestLongestKeysFit(t *testing.T) {
	t.Parallel()
	for name, dsn := range map[string]func(t *testing.T) string{
		"sqlite":   func(t *testing.T) string { return filepath.Join(t.TempDir(), "slipway.db") },
		"postgres": func(t *testing.T) string { return testenv.Postgres(t) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address := dsn(t)
			require.NoError(t, Migrate(context.Background(), address, slog.New(slog.DiscardHandler)))
			where, err := parseDSN(address)
			require.NoError(t, err)
			pool, err := openForMigration(where)
			require.NoError(t, err)
			t.Cleanup(func() { _ = pool.Close() })
			app, env := letters(50), letters(50)
			exec(t, pool, `INSERT INTO organizations (id, name, created_at, created_by) VALUES ('acme', 'Acme', 1, '')`)
			exec(t, pool, fmt.Sprintf(`INSERT INTO applications (org_id, id, name, status, status_message, status_changed_at, created_at, created_by, version)
				VALUES ('acme', '%s', 'shop', 'active', '', 1, 1, '', 1)`, app))
			exec(t, pool, `INSERT INTO environment_types (org_id, id, description) VALUES ('acme', 'test', '')`)
			exec(t, pool, fmt.Sprintf(`INSERT INTO environments (org_id, app_id, id, name, type_id, from_deploy_id, last_deploy_id, queue_policy, status, status_message, status_changed_at, created_at, created_by, version)
				VALUES ('acme', '%s', '%s', 'qa', 'test', '', '', '', 'active', '', 1, 1, '', 1)`, app, env))
			insert := func(id string) string {
				return fmt.Sprintf(`INSERT INTO active_resources (org_id, app_id, env_id, res_type, class, res_id, env_type, guresid, def_id, def_version_id,
					target_def_version_id, criteria_id, driver_type, driver_account, status, status_message, attempted, deploy_id, scheduled_deletion,
					created_at, updated_at, version, retired, deletions, deletion_at)
					VALUES ('acme', '%s', '%s', '%s', '%s', '%s', 'test', '%s', '%s', 'v', '', '', '', '', 'active', '', true, 'd', false, 1, 2, 7, false, 0, 0)`,
					app, env, letters(256), letters(256), id, letters(40), letters(256))
			}
			exec(t, pool, insert(letters(1024)))
			_, err = pool.Exec(insert(letters(5000)))
			if where.postgres {
				require.ErrorContains(t, err, "index row", "why there is a limit")
			}
		})
	}
}

func letters(n int) string {
	const all = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"
	out := make([]byte, n)
	for k := range out {
		out[k] = all[rand.IntN(len(all))]
	}
	return string(out)
}
