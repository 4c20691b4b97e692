package filelock_test

import (
	"context"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/secrets/filelock"
)

func TestOneHolderAtATime(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "state", "x.lock")
	const holders = 8
	inside, most := 0, 0
	var counters sync.Mutex
	count := func(by int) {
		counters.Lock()
		defer counters.Unlock()
		inside += by
		most = max(most, inside)
	}
	var wg sync.WaitGroup
	errs := make([]error, holders)
	for i := range holders {
		wg.Go(func() {
			release, err := filelock.Acquire(context.Background(), path)
			if errs[i] = err; err != nil {
				return
			}
			count(1)
			count(-1)
			release()
		})
	}
	wg.Wait()
	for _, err := range errs {
		require.NoError(t, err)
	}
	require.Equal(t, 1, most)
}

func TestWaitingEndsWithTheContext(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "x.lock")
	release, err := filelock.Acquire(context.Background(), path)
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Millisecond)
	defer cancel()
	_, err = filelock.Acquire(ctx, path)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.ErrorContains(t, err, path)

	release()
	again, err := filelock.Acquire(context.Background(), path)
	require.NoError(t, err)
	again()
}
