package orchestrator

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

// newestStore has deployments, the newest first, and counts what is read of them.
type newestStore struct {
	Store
	list []Deployment
	read int
	err  error
	then func(*newestStore) // after each look
}

func (s *newestStore) ListDeployments(_ context.Context, _ EnvRef, limit int) ([]Deployment, error) {
	out := append([]Deployment(nil), s.list[:min(limit, len(s.list))]...)
	s.read += len(out)
	if s.then != nil {
		s.then(s)
	}
	return out, s.err
}

func deploymentsDown(from, to int) []Deployment {
	var out []Deployment
	for i := from; i >= to; i-- {
		out = append(out, Deployment{ID: fmt.Sprintf("%04d", i)})
	}
	return out
}

func visited(t *testing.T, s *newestStore, until string) []Deployment {
	t.Helper()
	var out []Deployment
	require.NoError(t, eachDeployment(t.Context(), s, EnvRef{}, func(d *Deployment) (bool, error) {
		out = append(out, *d)
		return d.ID != until, nil
	}))
	return out
}

func TestEachDeployment(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, 7, 8, 9, 64, 65, 600} {
		all := deploymentsDown(n, 1)
		require.Equal(t, all, visited(t, &newestStore{list: all}, ""), "all of %d", n)
	}

	many := &newestStore{list: deploymentsDown(5000, 1)}
	require.Len(t, visited(t, many, "4998"), 3)
	require.Equal(t, 8, many.read, "it reads few when one of the newest is wanted")

	// Another one is accepted after each look: nobody is visited twice or left out.
	next := 100
	moving := &newestStore{list: deploymentsDown(next, 1), then: func(s *newestStore) {
		next++
		s.list = append(deploymentsDown(next, next), s.list...)
	}}
	require.Equal(t, deploymentsDown(100, 1), visited(t, moving, ""))

	away := errors.New("away")
	err := eachDeployment(t.Context(), &newestStore{err: away}, EnvRef{}, func(*Deployment) (bool, error) { return true, nil })
	require.ErrorIs(t, err, away)
	err = eachDeployment(t.Context(), many, EnvRef{}, func(*Deployment) (bool, error) { return true, away })
	require.ErrorIs(t, err, away)
}
