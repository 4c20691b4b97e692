package store_test

import (
	"testing"

	"github.com/slipway-dev/slipway/internal/store/storetest"
	"github.com/slipway-dev/slipway/internal/testenv"
)

func TestRunnerSQLite(t *testing.T) {
	t.Parallel()
	storetest.RunRunner(t, func(t *testing.T) storetest.RunnerStore { return openNew(t, sqliteDSN(t)) })
}

func TestRunnerPostgres(t *testing.T) {
	t.Parallel()
	storetest.RunRunner(t, func(t *testing.T) storetest.RunnerStore { return openNew(t, testenv.Postgres(t)) })
}
