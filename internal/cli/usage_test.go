package cli_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/cli"
)

// plain runs a command that gets no answer from anywhere.
func plain(args ...string) result {
	return runIn(context.Background(), "/", map[string]string{"SLIPWAY_CONFIG": "/none", "SLIPWAY_URL": "http://127.0.0.1:1", "SLIPWAY_ORG": "o"}, "", args...)
}

func TestExitCodesAndMessages(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		args []string
		code int
		says []string
	}{
		"help":                    {[]string{"--help"}, 0, []string{"Deploy and look:", "score"}},
		"nothing":                 {nil, 0, []string{"Usage:"}},
		"version":                 {[]string{"version"}, 0, []string{"slipway 1.2.3"}},
		"completion":              {[]string{"completion", "bash"}, 0, []string{"__start_slipway"}},
		"help of a command":       {[]string{"score", "deploy", "--help"}, 0, []string{"--dry-run"}},
		"unknown command":         {[]string{"deplyo"}, 2, []string{`no command "deplyo"; did you mean "deploy"?`, "see: slipway --help"}},
		"command far from all":    {[]string{"zzzzzz"}, 2, []string{`slipway has no command "zzzzzz"` + "\n"}},
		"unknown kind":            {[]string{"get", "ap"}, 2, []string{`did you mean "app"?`}},
		"kind by its start":       {[]string{"get", "workload"}, 2, []string{`did you mean "workload-profile"?`}},
		"group alone":             {[]string{"get"}, 2, []string{"needs to be told what", "apps"}},
		"unknown flag":            {[]string{"score", "deploy", "--imgae", "x"}, 2, []string{"no flag --imgae; did you mean --image?"}},
		"unknown short flag":      {[]string{"get", "apps", "-z"}, 2, []string{"no flag -z"}},
		"flag without value":      {[]string{"get", "apps", "--app"}, 2, []string{"--app"}},
		"flag of another kind":    {[]string{"deploy", "again", "--timeout", "soon"}, 2, []string{"--timeout"}},
		"missing argument":        {[]string{"deploy", "env", "staging"}, 2, []string{"slipway deploy env needs TO"}},
		"missing arguments":       {[]string{"deploy", "env"}, 2, []string{"needs FROM and TO"}},
		"argument too many":       {[]string{"get", "apps", "a", "b"}, 2, []string{`"b" is one argument too many; expected [APP]`}},
		"empty argument":          {[]string{"get", "app", ""}, 2, []string{"an argument is empty"}},
		"argument where none is":  {[]string{"version", "x"}, 2, []string{"expected none"}},
		"missing setting":         {[]string{"get", "envs"}, 2, []string{"no Application: add --app, set SLIPWAY_APP"}},
		"unknown output":          {[]string{"get", "apps", "-o", "xml"}, 2, []string{"table, json or yaml"}},
		"address that is none":    {[]string{"get", "apps", "--url", "localhost"}, 2, []string{"must look like https://"}},
		"server out of reach":     {[]string{"get", "apps"}, 1, []string{"error: cannot reach http://127.0.0.1:1: connection refused"}},
		"path without slash":      {[]string{"api", "get", "orgs"}, 2, []string{"starts with a slash"}},
		"body that is no JSON":    {[]string{"api", "post", "/orgs", "-d", "{"}, 2, []string{"not valid JSON"}},
		"follow with structure":   {[]string{"create", "delta"}, 2, []string{"-f"}},
		"definition without file": {[]string{"create", "definition"}, 2, []string{"-f"}},
		"property without value":  {[]string{"score", "convert", "--local", "-p", "x"}, 2, []string{"path=value"}},
		"alias without target":    {[]string{"score", "convert", "--local", "--type-alias", "x="}, 2, []string{"from=to"}},
		"negative time":           {[]string{"create", "token", "ci", "--expires", "-1h"}, 2, []string{"negative"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := plain(c.args...).fails(t, c.code, c.says...)
			if c.code != 0 {
				require.Empty(t, r.out, "errors go to standard error")
			}
		})
	}
}

func TestCommandsOfTheCaller(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		args []string
		err  error
		code int
	}{
		"done":        {[]string{"serve"}, nil, 0},
		"failed":      {[]string{"serve"}, errors.New("no port"), 1},
		"interrupted": {[]string{"serve"}, fmt.Errorf("serve: %w", context.Canceled), 130},
		"usage":       {[]string{"serve", "x"}, nil, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			root := cli.New(cli.Options{In: strings.NewReader(""), Out: io.Discard, Err: io.Discard, Dir: "/"})
			root.AddCommand(&cobra.Command{Use: "serve", GroupID: "server", Args: cobra.NoArgs, RunE: func(*cobra.Command, []string) error { return c.err }})
			require.Equal(t, c.code, cli.Run(context.Background(), root, c.args))
		})
	}
}

func TestAPIErrors(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		status int
		body   string
		says   []string
	}{
		"not logged in": {401, "", []string{"error: the server answered 401", "slipway login"}},
		"not allowed":   {403, `{"error":"HTTP-403","message":"you may not"}`, []string{"error: you may not\n", "ask an administrator"}},
		"problems":      {400, `{"error":"x","message":"bad","details":{"problems":[{"path":"a.b","message":"c"},{"message":"d"},7]}}`, []string{"error: bad\n  a.b: c\n  d\n"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fake := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(c.status)
				fmt.Fprint(w, c.body)
			}))
			t.Cleanup(fake.Close)
			plain("get", "apps", "--url", fake.URL).fails(t, 1, c.says...)
		})
	}
}

func TestDeletionThatGoesOn(t *testing.T) {
	t.Parallel()
	fake := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		require.Equal(t, "/orgs/o/resources/types/my-org%2Fs3", r.URL.EscapedPath())
		w.WriteHeader(http.StatusAccepted)
	}))
	t.Cleanup(fake.Close)
	plain("delete", "type", "my-org/s3", "--url", fake.URL).ok(t, "type my-org/s3 is being deleted")
}

// What a server sends must not take over the terminal.
func TestControlCharactersAreDropped(t *testing.T) {
	t.Parallel()
	fake := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `[{"id":"shop","name":"a\u001b[31mb\u0007\nc","status":"active","envs":[]}]`)
	}))
	t.Cleanup(fake.Close)
	r := plain("get", "apps", "--url", fake.URL).ok(t, "ab c")
	require.NotContains(t, r.out, "\x1b")
}

func TestReferenceIsFresh(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile(filepath.Join("..", "..", "docs", "reference", "cli.md"))
	require.NoError(t, err)
	require.Equal(t, cli.Reference(), string(raw), "make it anew: go generate ./internal/cli")
}
