package e2e

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
	_ "modernc.org/sqlite" // the driver of package database/sql

	"github.com/slipway-dev/slipway/internal/testenv"
	"github.com/slipway-dev/slipway/server"
)

// outage is an installation whose Temporal and PostgreSQL fail on demand, with a driver that can be slow.
type outage struct {
	*split
	temporal *testenv.Proxy
	database *testenv.RestartablePostgres
	network  *testenv.Proxy // before the database
	hello    *helloDriver
}

func (o *outage) as(t *testing.T) *outage {
	own := *o
	own.split = o.split.as(t)
	return &own
}

// TestOutages takes away what an installation stands on, one after the other. Server and worker are never started again.
func TestOutages(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes longer than the fast tier allows")
	}
	o := &outage{temporal: testenv.NewProxy(t, testenv.Temporal(t)), database: testenv.NewRestartablePostgres(t), hello: startHello(t)}
	o.network = testenv.NewProxy(t, o.database.Address())
	dsn := strings.Replace(o.database.DSN(), o.database.Address(), o.network.Address(), 1)
	o.split = newSplit(t, dsn, o.temporal.Address(), "SLIPWAY_REQUEST_TIMEOUT=6s")
	o.startAll(o.bin)
	o.driver("hello", o.hello.url)
	o.greeting("slow", "demo/hello", "hello", 3)
	o.greeting("slower", "demo/hello", "hello", 60)
	for _, part := range []struct {
		name string
		test func(*outage)
	}{
		{"Temporal refuses", func(o *outage) { temporalAway(o, "refuses", o.temporal.Refuse) }},
		{"Temporal hangs", func(o *outage) { temporalAway(o, "hangs", o.temporal.Hang) }},
		{"the command line waits for Temporal", commandWaits},
		{"Temporal goes after the commit", temporalGoesAfterTheCommit},
		{"Temporal goes while a driver works", temporalGoesWhileADriverWorks},
		{"a cancel is heard after Temporal was away", cancelAfterTemporalWasAway},
		{"PostgreSQL is stopped", databaseAway},
		{"PostgreSQL goes within a request", databaseGoesWithinARequest},
		{"PostgreSQL goes while a driver works", databaseGoesWhileADriverWorks},
		{"PostgreSQL hangs", databaseHangs},
	} {
		ok := t.Run(part.name, func(t *testing.T) {
			part.test(o.as(t))
			for _, p := range []*process{o.server, o.worker} {
				select {
				case <-p.ended:
					t.Fatalf("%v has ended: %s", p.cmd.Args, p.cmd.ProcessState)
				default:
				}
			}
		})
		if !ok {
			return // the next would only find the same
		}
	}
}

// answer is a response that has been read.
type answer struct {
	status int
	header http.Header
	body   string
}

// ask sends a request as call does, and gives the whole answer.
func (i *instance) ask(method, path string, body any) answer {
	i.t.Helper()
	raw, err := json.Marshal(body)
	require.NoError(i.t, err)
	ctx, cancel := context.WithTimeout(i.t.Context(), deadline)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, i.url+path, bytes.NewReader(raw))
	require.NoError(i.t, err)
	req.Header.Set("Authorization", "Bearer "+i.token())
	res, err := http.DefaultClient.Do(req)
	require.NoError(i.t, err)
	defer func() { _ = res.Body.Close() }()
	got, err := io.ReadAll(res.Body)
	require.NoError(i.t, err)
	return answer{res.StatusCode, res.Header, string(got)}
}

// unavailable asks for something that cannot be answered now, and holds the answer against the rules for that.
func (i *instance) unavailable(method, path string, body any) {
	i.t.Helper()
	got := i.ask(method, path, body)
	require.Equal(i.t, http.StatusServiceUnavailable, got.status, "%s %s: %s", method, path, got.body)
	require.NotEmpty(i.t, got.header.Get("Retry-After"), "%s %s", method, path)
	require.Contains(i.t, got.body, `"error":`, "%s %s", method, path)
	for _, inner := range []string{"127.0.0.1", "SQLSTATE", "rpc error", "postgres://"} {
		require.NotContains(i.t, got.body, inner, "%s %s", method, path)
	}
}

// readyAgain waits until the processes that run have noticed that everything is back.
func (o *outage) readyAgain() {
	o.t.Helper()
	o.ready()
}

// background runs a client command; the function waits for its end and gives what it printed, with its exit code.
func (i *instance) background(args ...string) func() (string, int) {
	i.t.Helper()
	cmd := exec.Command(i.bin, args...)
	cmd.Env, cmd.Dir = i.env, "../.."
	var out output
	cmd.Stdout, cmd.Stderr = &out, &out
	require.NoError(i.t, cmd.Start())
	ended := make(chan struct{})
	go func() {
		_ = cmd.Wait()
		close(ended)
	}()
	return func() (string, int) {
		select {
		case <-ended:
		case <-time.After(deadline):
			_ = cmd.Process.Kill()
			<-ended
			i.t.Errorf("slipway %v does not end", args)
		}
		return out.String(), cmd.ProcessState.ExitCode()
	}
}

// prepared makes an application with one deployment, an environment to delete and a delta to deploy.
func (o *outage) prepared(app string) (delta string) {
	o.t.Helper()
	o.app(app)
	o.succeeded(app, o.deploy(app, map[string]any{"delta_id": o.delta(app, addModule("web", plainModule("nginx:1")))}))
	o.must(http.StatusCreated, http.MethodPost, org+"/apps/"+app+"/envs", map[string]any{"id": "other", "name": "other"})
	return o.delta(app, addModule("api", plainModule("nginx:2")))
}

// temporalAway: reads work, and what needs no workflow; the rest is refused and leaves nothing.
func temporalAway(o *outage, app string, fail func()) {
	t := o.t
	delta := o.prepared(app)
	before := o.list(envPath(app, "development") + "/deploys")
	fail()
	started := time.Now()
	o.unavailable(http.MethodPost, envPath(app, "development")+"/deploys", map[string]any{"delta_id": delta})
	o.unavailable(http.MethodDelete, envPath(app, "other"), nil)
	o.unavailable(http.MethodDelete, org+"/apps/"+app, nil)
	o.unavailable(http.MethodGet, "/readyz", nil)
	require.Less(t, time.Since(started), 45*time.Second)
	require.Equal(t, http.StatusOK, o.ask(http.MethodGet, "/healthz", nil).status)
	for _, path := range []string{
		org, org + "/apps", org + "/apps/" + app, envPath(app, "development"), envPath(app, "development") + "/resources",
		envPath(app, "development") + "/values", org + "/resources/defs", org + "/apps/" + app + "/deltas",
	} {
		require.Equal(t, http.StatusOK, o.ask(http.MethodGet, path, nil).status, path)
	}
	require.Equal(t, before, o.list(envPath(app, "development")+"/deploys"), "nothing is left of what was refused")
	require.Equal(t, "active", o.must(http.StatusOK, http.MethodGet, org+"/apps/"+app, nil)["status"])
	o.must(http.StatusCreated, http.MethodPost, org+"/apps/"+app+"/values", map[string]any{"key": "COLOUR", "value": "blue", "description": ""})
	o.must(http.StatusOK, http.MethodPut, org+"/apps/"+app+"/values/COLOUR", map[string]any{"value": "red", "description": ""})
	o.must(http.StatusCreated, http.MethodPost, org+"/apps/"+app+"/envs", map[string]any{"id": "third", "name": "third"})
	require.NotEmpty(t, o.events(envPath(app, "development")+"/deploys/"+before[0]["id"].(string)))

	o.temporal.Open()
	o.readyAgain()
	require.Less(t, o.ask(http.MethodDelete, envPath(app, "other"), nil).status, 300)
}

// commandWaits: the command line asks again after Retry-After, and has its deployment without a word from anybody.
func commandWaits(o *outage) {
	t, app := o.t, "patient"
	delta := o.prepared(app)
	o.temporal.Refuse()
	wait := o.background("deploy", "delta", delta, "--app", app, "--env", "development", "--wait")
	o.eventually("the command has been refused", func() (bool, string) {
		return strings.Contains(o.output.String(), "path=/orgs/demo/apps/"+app+"/envs/development/deploys status=503"), "not yet"
	})
	o.temporal.Open()
	out, code := wait()
	require.Zero(t, code, out)
	o.readyAgain()
	after := o.list(envPath(app, "development") + "/deploys")
	require.Len(t, after, 2, "once")
	require.Equal(t, 1, o.commits(after[0]["id"].(string)))
}

// held locks the row of an environment, so that a request that wants to change it stops there; the function lets it go on.
func (o *outage) held(app string) (release func()) {
	o.t.Helper()
	conn, err := pgx.Connect(o.t.Context(), o.database.DSN())
	require.NoError(o.t, err)
	tx, err := conn.Begin(o.t.Context())
	require.NoError(o.t, err)
	tag, err := tx.Exec(o.t.Context(), "SELECT 1 FROM environments WHERE app_id = $1 AND id = 'development' FOR UPDATE", app)
	require.NoError(o.t, err)
	require.EqualValues(o.t, 1, tag.RowsAffected())
	return func() {
		_ = tx.Rollback(context.Background())
		_ = conn.Close(context.Background())
	}
}

// blocked waits until a statement waits for that lock.
func (o *outage) blocked() {
	o.t.Helper()
	conn, err := pgx.Connect(o.t.Context(), o.database.DSN())
	require.NoError(o.t, err)
	defer func() { _ = conn.Close(context.Background()) }()
	o.eventually("a statement waits for the environment", func() (bool, string) {
		var n int
		err := conn.QueryRow(o.t.Context(), "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'").Scan(&n)
		return err == nil && n > 0, fmt.Sprint(n, err)
	})
}

// deploys asks for a deployment; the answer comes through the channel.
func (o *outage) deploys(app, delta string) <-chan answer {
	got := make(chan answer, 1)
	go func() {
		status, body, err := o.try(http.MethodPost, envPath(app, "development")+"/deploys", map[string]any{"delta_id": delta})
		got <- answer{status: status, body: fmt.Sprint(body, err)}
	}()
	return got
}

// temporalGoesAfterTheCommit: what is committed is accepted, and starts when Temporal is back, once.
func temporalGoesAfterTheCommit(o *outage) {
	t, app := o.t, "committed"
	delta := o.prepared(app)
	release := o.held(app)
	got := o.deploys(app, delta)
	o.blocked()
	o.temporal.Refuse()
	release()
	require.Equal(t, http.StatusCreated, (<-got).status)
	deploys := o.list(envPath(app, "development") + "/deploys")
	require.Len(t, deploys, 2)
	id := deploys[0]["id"].(string)
	require.Equal(t, "pending", deploys[0]["status"])
	o.temporal.Open()
	o.succeeded(app, id)
	require.Equal(t, 1, o.commits(id))
	requireOneCompletionPerNode(o.instance, app, id)
}

// slowly begins a deployment whose driver takes three seconds, followed by the command line, and returns when the driver has it.
func (o *outage) slowly(app string) (wait func() (string, int)) {
	o.t.Helper()
	o.app(app)
	delta := o.delta(app, shares("slow"))
	calls := len(o.hello.seen())
	wait = o.background("deploy", "delta", delta, "--app", app, "--env", "development", "--wait")
	o.eventually("the driver is at work", func() (bool, string) { return len(o.hello.seen()) > calls, "not asked" })
	return wait
}

// endedOnce holds a deployment with the slow resource against what must be true of it whatever went away meanwhile.
func (o *outage) endedOnce(app string, records int, wait func() (string, int)) {
	o.t.Helper()
	out, code := wait()
	require.Zero(o.t, code, out)
	require.Contains(o.t, out, "succeeded")
	deploys := o.list(envPath(app, "development") + "/deploys")
	require.Len(o.t, deploys, 1)
	id := deploys[0]["id"].(string)
	require.Equal(o.t, "succeeded", deploys[0]["status"])
	require.Equal(o.t, 1, o.commits(id))
	requireOneCompletionPerNode(o.instance, app, id)
	require.Len(o.t, o.hello.records(o.t), records+1, "the driver made one thing")
}

func temporalGoesWhileADriverWorks(o *outage) {
	records := len(o.hello.records(o.t))
	wait := o.slowly("working")
	o.temporal.Refuse()
	seen := len(o.hello.seen())
	o.eventually("the driver is asked on", func() (bool, string) { return len(o.hello.seen()) > seen, "not asked" })
	o.eventually("the driver is done", func() (bool, string) {
		calls := o.hello.seen()
		return strings.HasSuffix(calls[len(calls)-1], " 200"), calls[len(calls)-1]
	})
	o.temporal.Open()
	o.endedOnce("working", records, wait)
	o.readyAgain()
}

// cancelAfterTemporalWasAway: the activity that went on alone still hears that it shall end.
func cancelAfterTemporalWasAway(o *outage) {
	o.app("heard")
	calls := len(o.hello.seen())
	id := o.deploy("heard", map[string]any{"delta_id": o.delta("heard", shares("slower"))})
	o.eventually("the driver is at work", func() (bool, string) { return len(o.hello.seen()) > calls, "not asked" })
	o.temporal.Refuse()
	o.eventually("the worker has noticed", func() (bool, string) {
		return strings.Contains(o.output.String(), "the work goes on"), "not yet"
	})
	o.temporal.Open()
	o.readyAgain()
	o.must(http.StatusAccepted, http.MethodPost, envPath("heard", "development")+"/deploys/"+id+"/cancel", nil)
	asked := time.Now()
	require.Equal(o.t, "failed", o.finished("heard", id)["status"])
	require.Less(o.t, time.Since(asked), time.Minute)
}

// databaseAway: every operation there is answers 503, and works again afterwards.
func databaseAway(o *outage) {
	t := o.t
	o.prepared("away")
	o.database.Stop()
	o.unavailable(http.MethodGet, "/readyz", nil)
	require.Equal(t, http.StatusOK, o.ask(http.MethodGet, "/healthz", nil).status)
	require.Equal(t, http.StatusOK, o.ask(http.MethodGet, "/metrics", nil).status)
	replace := strings.NewReplacer("{orgId}", "demo", "{appId}", "away", "{envId}", "development")
	for _, route := range server.Routes() {
		if route.Open {
			continue // may have said no before it needs the database
		}
		o.unavailable(route.Method, replace.Replace(route.Path), map[string]any{})
	}
	o.database.Start()
	o.readyAgain()
	o.succeeded("away", o.deploy("away", map[string]any{}))
}

// databaseGoesWithinARequest: the request is refused and leaves nothing, also when the database dies without a word.
func databaseGoesWithinARequest(o *outage) {
	delta := o.prepared("within")
	before := o.list(envPath("within", "development") + "/deploys")
	for name, end := range map[string]func(){"Stop": o.database.Stop, "Crash": o.database.Crash} {
		release := o.held("within")
		got := o.deploys("within", delta)
		o.blocked()
		end()
		require.Equal(o.t, http.StatusServiceUnavailable, (<-got).status, name)
		release()
		o.database.Start()
		o.readyAgain()
		require.Equal(o.t, before, o.list(envPath("within", "development")+"/deploys"), name)
	}
	o.succeeded("within", o.deploy("within", map[string]any{"delta_id": delta}))
}

// databaseGoesWhileADriverWorks: the driver's result is stored when the database is back, and nothing is made twice.
func databaseGoesWhileADriverWorks(o *outage) {
	records := len(o.hello.records(o.t))
	wait := o.slowly("storing")
	o.database.Crash()
	o.eventually("the driver is done", func() (bool, string) {
		return len(o.hello.records(o.t)) == records+1, "not yet"
	})
	time.Sleep(4 * time.Second) // longer than the driver takes, so that its answer comes while there is no database
	o.database.Start()
	o.endedOnce("storing", records, wait)
}

// databaseHangs: a network that says nothing is answered within the time limit, and holds up nobody afterwards.
func databaseHangs(o *outage) {
	t := o.t
	delta := o.prepared("hanging")
	o.network.Hang()
	for _, r := range []struct{ method, path string }{
		{http.MethodGet, org + "/apps"}, {http.MethodGet, "/readyz"}, {http.MethodPost, envPath("hanging", "development") + "/deploys"},
	} {
		started := time.Now()
		o.unavailable(r.method, r.path, map[string]any{"delta_id": delta})
		require.Less(t, time.Since(started), 30*time.Second, r.path)
	}
	o.network.Open()
	o.readyAgain()
	o.succeeded("hanging", o.deploy("hanging", map[string]any{"delta_id": delta}))
}

// TestSQLiteLockedForLong: another process writes and does not end. Reads go on, writes are refused in time, and a deployment
// that was under way goes on afterwards.
func TestSQLiteLockedForLong(t *testing.T) {
	t.Parallel()
	hello := startHello(t)
	i := newDriverInstance(t, "SLIPWAY_REQUEST_TIMEOUT=6s")
	i.driver("hello", hello.url)
	i.greeting("locked", "demo/hello", "hello", 2)
	i.app("locked")
	id := i.deploy("locked", map[string]any{"delta_id": i.delta("locked", shares("locked"))})
	i.eventually("the driver is at work", func() (bool, string) { return len(hello.seen()) > 0, "not asked" })

	db, err := sql.Open("sqlite", filepath.Join(i.home, "slipway.db"))
	require.NoError(t, err)
	defer func() { _ = db.Close() }()
	conn, err := db.Conn(t.Context())
	require.NoError(t, err)
	_, err = conn.ExecContext(t.Context(), "PRAGMA busy_timeout=10000")
	require.NoError(t, err)
	_, err = conn.ExecContext(t.Context(), "BEGIN IMMEDIATE")
	require.NoError(t, err)
	locked := time.Now()
	require.Equal(t, http.StatusOK, i.ask(http.MethodGet, envPath("locked", "development")+"/deploys/"+id, nil).status)
	require.Equal(t, http.StatusOK, i.ask(http.MethodGet, "/readyz", nil).status)
	started := time.Now()
	i.unavailable(http.MethodPost, org+"/apps", map[string]any{"id": "refused", "name": "refused"})
	require.Less(t, time.Since(started), 45*time.Second)
	i.unavailable(http.MethodPost, envPath("locked", "development")+"/deploys", map[string]any{})
	time.Sleep(time.Until(locked.Add(8 * time.Second))) // longer than one wait for the lock
	_, err = conn.ExecContext(t.Context(), "ROLLBACK")
	require.NoError(t, err)
	i.succeeded("locked", id)
	requireOneCompletionPerNode(i, "locked", id)
	require.Equal(t, 1, i.commits(id))
	require.Len(t, hello.records(t), 1)
	require.Equal(t, http.StatusNotFound, i.ask(http.MethodGet, org+"/apps/refused", nil).status)
	i.succeeded("locked", i.deploy("locked", map[string]any{}))
}
