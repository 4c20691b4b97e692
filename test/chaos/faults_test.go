package chaos

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// What is done to the installation.
const (
	killWorker    = "kill the worker"
	killRunner    = "kill the runner"
	killTerraform = "kill the runner and its Terraform"
	killServer    = "kill the server"
	killTemporal  = "kill Temporal"
	killPostgres  = "kill PostgreSQL"
	fullDisk      = "no file can grow"
	noFolder      = "no work directory can be made"
)

// fault is one case: what happens, where, and for how long. Everything in it comes from the seed.
type fault struct {
	number int
	what   string
	link   string // for cuts: the link; what is how it fails
	at     moment // the boundary; none: a moment at random, after
	after  time.Duration
	lasts  time.Duration
	// tearDown: it happens while the application is deleted, not while it is deployed.
	tearDown bool
}

func (f fault) String() string {
	where := fmt.Sprintf("%s after the request", f.after)
	if f.at.activity != "" {
		where = strings.TrimSpace(f.at.activity + " " + f.at.phase)
	}
	if f.tearDown {
		where += " (application deleted)"
	}
	return fmt.Sprintf("%d: %s, %s, for %s", f.number, f.kind(), where, f.lasts)
}

// kind is the row of the table.
func (f fault) kind() string {
	if f.link != "" {
		return f.what + " " + f.link
	}
	return f.what
}

// goesUnnoticed reports whether a deployment has to succeed all the same: nothing that it made can have been lost.
func (f fault) goesUnnoticed() bool {
	if f.link == "" {
		return f.what == killWorker || f.what == killServer || f.what == killTemporal
	}
	return f.what == slow || strings.HasPrefix(f.link, "server-") || f.link == "worker-temporal"
}

// Moments in the life of a run that no activity tells of.
const (
	runnerWorks = "runner at work"
	recordAsked = "create asked for"
	recordMade  = "create done"
)

// spoilEvery is after which kill a link or a folder fails: in 200 kills each in every way.
const spoilEvery = 8

// tearDownEvery is which kill hits the deletion of the application; the next case has a new one.
const tearDownEvery = 17

// plan makes the cases of a seed: as many kills as are asked for, and a link or a folder that fails after every eighth.
func plan(rng *rand.Rand, kills int) []fault {
	boundaries := deck(rng)
	spoils := spoilDeck(rng)
	var out []fault
	for n, s := 0, 0; n < kills; n++ {
		f := boundaries[n%len(boundaries)]
		if n%5 == 4 { // at random
			f.at = moment{}
		}
		if f.tearDown = n%tearDownEvery == tearDownEvery-1; f.tearDown && f.what != killRunner && f.what != killTerraform {
			f.at = moment{"TearDownEnvironment", []string{scheduled, started, completed, started}[n/tearDownEvery%4]}
		}
		out = append(out, f)
		if n%spoilEvery == 2 {
			out = append(out, spoils[s%len(spoils)])
			s++
		}
	}
	for n := range out {
		out[n].number = n + 1
		out[n].after = time.Duration(rng.IntN(3000)) * time.Millisecond
		out[n].lasts = time.Duration(100+rng.IntN(700)) * time.Millisecond
		if out[n].link != "" {
			out[n].lasts = time.Duration(500+rng.IntN(2500)) * time.Millisecond
		}
	}
	return out
}

// deck is every victim at every boundary, shuffled.
func deck(rng *rand.Rand) []fault {
	var out []fault
	for _, activity := range []string{"Plan", "Advance", "ProvisionNode", "Render", "Deliver", "Rollout", "Finish", "DestroyResource"} {
		for _, phase := range []string{scheduled, started, completed} {
			for _, what := range []string{killWorker, killServer, killTemporal, killPostgres} {
				out = append(out, fault{what: what, at: moment{activity, phase}})
			}
		}
	}
	for _, what := range []string{killRunner, killTerraform} {
		for _, activity := range []string{runnerWorks, recordAsked, recordMade, runnerWorks} {
			for range 3 {
				out = append(out, fault{what: what, at: moment{activity: activity}})
			}
		}
	}
	rng.Shuffle(len(out), func(a, b int) { out[a], out[b] = out[b], out[a] })
	return out
}

func spoilDeck(rng *rand.Rand) []fault {
	var out []fault
	for _, link := range []string{"server-postgres", "worker-postgres", "server-temporal", "worker-temporal", "worker-driver", "worker-kubernetes", "terraform-backend"} {
		for _, how := range []string{cut, hang, slow} {
			out = append(out, fault{what: how, link: link})
		}
	}
	for _, what := range []string{fullDisk, noFolder, fullDisk, noFolder} {
		out = append(out, fault{what: what, at: moment{activity: runnerWorks}})
	}
	rng.Shuffle(len(out), func(a, b int) { out[a], out[b] = out[b], out[a] })
	return out
}

// arm begins to wait for the moment of a fault, and commits it then. The answer says where it was hit; it is closed without one when
// ctx ends first.
func (e *environment) arm(ctx context.Context, f fault) <-chan string {
	done := make(chan string, 1)
	come := e.moment(ctx, f)
	go func() {
		defer close(done)
		select {
		case <-ctx.Done():
		case where := <-come:
			if e.commit(ctx, f) {
				done <- where
			}
		}
	}()
	return done
}

func (e *environment) moment(ctx context.Context, f fault) <-chan string {
	switch f.at.activity {
	case runnerWorks, recordAsked, recordMade:
		return e.runnerMoment(ctx, f)
	case "":
		come := make(chan string, 1)
		time.AfterFunc(f.after, func() { come <- "at random" })
		return come
	}
	return e.watch(ctx, f.at)
}

// runnerMoment waits until runners, or their backend, have come so far.
func (e *environment) runnerMoment(ctx context.Context, f fault) <-chan string {
	come := make(chan string, 1)
	asked, created := e.records.Totals()
	go func() {
		for ; ctx.Err() == nil; time.Sleep(5 * time.Millisecond) {
			a, c := e.records.Totals()
			if f.at.activity == recordAsked && a == asked || f.at.activity == recordMade && c == created || len(runners(e.bin)) == 0 {
				continue
			}
			if f.at.activity == runnerWorks {
				time.Sleep(f.after / 4)
			}
			come <- f.at.activity
			return
		}
	}()
	return come
}

// commit does it, and repairs it as whoever runs the installation would. It reports false when there was nobody to do it to.
func (e *environment) commit(ctx context.Context, f fault) bool {
	if f.link != "" {
		repair := e.links.spoil(f.link, f.what)
		time.Sleep(f.lasts)
		repair()
		return true
	}
	switch f.what {
	case killWorker:
		e.worker.kill(f.lasts)
	case killServer:
		e.server.kill(f.lasts)
	case killTemporal:
		e.temporal.Kill()
		time.Sleep(f.lasts)
		e.temporal.Start()
	case killPostgres:
		e.postgres.Kill()
		time.Sleep(f.lasts)
		e.postgres.Start()
	case noFolder:
		return e.blockFolder(f.lasts)
	default:
		return e.atRunner(ctx, f.what)
	}
	return true
}

// atRunner does something to a runner that works, as soon as there is one.
func (e *environment) atRunner(ctx context.Context, what string) bool {
	for ; ctx.Err() == nil; time.Sleep(5 * time.Millisecond) {
		if working := runners(e.bin); len(working) > 0 {
			e.strike(working[0], what)
			return true
		}
	}
	return false
}

func (e *environment) strike(r runner, what string) {
	switch what {
	case killRunner:
		_ = syscall.Kill(r.pid, syscall.SIGKILL)
	case killTerraform:
		_ = syscall.Kill(r.pid, syscall.SIGSTOP) // it must neither see the others die nor start more
		for _, again := range runners(e.bin) {
			if again.pid == r.pid {
				r = again
			}
		}
		for _, pid := range append(r.session, r.pid) {
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
	case fullDisk:
		for _, pid := range append(r.session, r.pid) {
			_ = unix.Prlimit(pid, unix.RLIMIT_FSIZE, &unix.Rlimit{}, nil)
		}
	}
}

// blockFolder puts a file where runners make their work directories.
func (e *environment) blockFolder(lasts time.Duration) bool {
	runs := filepath.Join(e.home, "terraform", "runs")
	if os.Rename(runs, runs+".away") != nil {
		return false
	}
	err := os.WriteFile(runs, nil, 0o600)
	time.Sleep(lasts)
	_ = os.Remove(runs)
	return os.Rename(runs+".away", runs) == nil && err == nil
}
