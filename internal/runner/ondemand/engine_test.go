package ondemand_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/drivers/terraform"
	"github.com/slipway-dev/slipway/internal/runner"
	"github.com/slipway-dev/slipway/internal/runner/ondemand"
)

// counted counts the runs that got through.
type counted struct{ n atomic.Int32 }

func (c *counted) Run(context.Context, terraform.Spec, func(string)) (terraform.Outcome, error) {
	c.n.Add(1)
	return terraform.Outcome{}, nil
}

// program writes a program of this name that prints a version as Terraform does.
func program(t *testing.T, dir, name, version string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	script := "#!/bin/sh\necho '{\"terraform_version\":\"" + version + "\",\"provider_selections\":{}}'\n"
	require.NoError(t, os.WriteFile(path, []byte(script), 0o755))
	return path
}

func TestProvidedOnlyWhenNeeded(t *testing.T) {
	cases := map[string]struct {
		installed map[string]string // on PATH, with their versions
		spec      terraform.Spec
		want      int32 // how often the engine is made
	}{
		"nothing installed":                   {want: 1},
		"terraform installed":                 {installed: map[string]string{"terraform": "1.11.4"}},
		"tofu installed":                      {installed: map[string]string{"tofu": "1.10.0"}, spec: terraform.Spec{Engine: "opentofu"}},
		"the other engine installed":          {installed: map[string]string{"terraform": "1.11.4"}, spec: terraform.Spec{Engine: "opentofu"}, want: 1},
		"an older version installed":          {installed: map[string]string{"tofu": "1.10.0"}, spec: terraform.Spec{Version: ">= 1.12"}, want: 1},
		"the engine that cannot be made":      {spec: terraform.Spec{Engine: "terraform"}},
		"a version that cannot be made":       {spec: terraform.Spec{Version: "< 1.5"}},
		"a constraint that is none":           {spec: terraform.Spec{Version: "newest"}},
		"installed, and a constraint it fits": {installed: map[string]string{"terraform": "1.11.4"}, spec: terraform.Spec{Version: "~> 1.11"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			bin := t.TempDir()
			for file, version := range c.installed {
				program(t, bin, file, version)
			}
			t.Setenv("PATH", bin)
			var made atomic.Int32
			e := ondemand.New(ondemand.Options{
				Settings: runner.Settings{Folder: filepath.Join(t.TempDir(), "tf")}, Name: "opentofu", Release: "1.12.6",
				Provide: func(func(string)) (string, error) {
					made.Add(1)
					return "/somewhere/opentofu", nil
				},
			})
			runs := &counted{}
			for range 2 {
				_, err := e.Wrap(runs).Run(t.Context(), c.spec, func(string) {})
				require.NoError(t, err)
			}
			require.Equal(t, c.want, made.Load())
			require.EqualValues(t, 2, runs.n.Load(), "what cannot be helped is the run's to say")
		})
	}
}

// blocked is an engine that is made when the channel says so.
func blocked(t *testing.T, end <-chan error) (*ondemand.Engine, *atomic.Int32) {
	t.Helper()
	t.Setenv("PATH", t.TempDir())
	made := &atomic.Int32{}
	return ondemand.New(ondemand.Options{
		Settings: runner.Settings{Folder: t.TempDir()}, Name: "opentofu", Release: "1.12.6",
		Provide: func(func(string)) (string, error) {
			made.Add(1)
			err := <-end
			if err != nil {
				return "", err
			}
			return "/somewhere/opentofu", nil
		},
	}), made
}

func TestManyWaitForOne(t *testing.T) {
	end := make(chan error)
	e, made := blocked(t, end)
	runs := &counted{}
	said := make(chan string, 16)
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			_, err := e.Wrap(runs).Run(t.Context(), terraform.Spec{}, func(line string) { said <- line })
			require.NoError(t, err)
		})
	}
	require.Contains(t, <-said, "waiting for opentofu 1.12.6")
	require.Zero(t, runs.n.Load(), "nothing runs before it is there")
	close(end)
	wait.Wait()
	require.EqualValues(t, 4, runs.n.Load())
	require.EqualValues(t, 1, made.Load())
}

func TestFailureIsSaidAndTriedAgain(t *testing.T) {
	end := make(chan error, 2)
	e, made := blocked(t, end)
	runs := &counted{}
	end <- errors.New("no Go toolchain on PATH")
	_, err := e.Wrap(runs).Run(t.Context(), terraform.Spec{}, func(string) {})
	require.ErrorContains(t, err, "no Go toolchain on PATH")
	require.ErrorContains(t, err, "--terraform")
	require.True(t, drivers.IsPermanent(err))
	require.Zero(t, runs.n.Load())
	end <- nil
	_, err = e.Wrap(runs).Run(t.Context(), terraform.Spec{}, func(string) {})
	require.NoError(t, err)
	require.EqualValues(t, 2, made.Load())
}

func TestWhoIsCancelledDoesNotWait(t *testing.T) {
	end := make(chan error)
	e, made := blocked(t, end)
	ctx, cancel := context.WithCancel(t.Context())
	runs := &counted{}
	failed := make(chan error, 1)
	go func() {
		_, err := e.Wrap(runs).Run(ctx, terraform.Spec{}, func(string) { cancel() })
		failed <- err
	}()
	select {
	case err := <-failed:
		require.ErrorContains(t, err, "interrupted")
		require.False(t, drivers.IsPermanent(err))
	case <-time.After(30 * time.Second):
		t.Fatal("it waits on")
	}
	close(end) // what was begun is there for the next
	_, err := e.Wrap(runs).Run(t.Context(), terraform.Spec{}, func(string) {})
	require.NoError(t, err)
	require.EqualValues(t, 1, made.Load())
}
