package chaos

import (
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/runner/recordtest"
	"github.com/slipway-dev/slipway/internal/testenv"
)

// plainVariable asks for the comparison: it measures Terraform without Slipway, so a normal test run has no use for it.
const plainVariable = "CHAOS_TERRAFORM"

// TestPlainTerraform kills `terraform apply` with the backends that Terraform brings, at the moments at which TestChaos kills
// runners, and counts what the next apply makes of it. `make chaos-terraform` runs it.
func TestPlainTerraform(t *testing.T) {
	if os.Getenv(plainVariable) == "" {
		t.Skip("a measurement; `make chaos-terraform` runs it")
	}
	kills, seed := number(t, killsVariable, 30), number(t, seedVariable, fixSeed)
	p := &plain{t: t, program: recordtest.Terraform(t), records: recordtest.Start(t), rng: rand.New(rand.NewPCG(uint64(seed), 0))}
	p.records.Behave("", recordtest.Behaviour{Before: 150 * time.Millisecond, After: 150 * time.Millisecond})
	p.configure(recordtest.Mirror(t))
	backends := map[string]func(n int) string{
		"local": func(int) string { return "" },
		"pg": func(n int) string {
			return fmt.Sprintf("backend \"pg\" {\n conn_str = %q\n schema_name = \"case%d\"\n}", p.database, n)
		},
		"http": func(n int) string {
			at := fmt.Sprintf("%s/case%d", p.states, n)
			return fmt.Sprintf("backend \"http\" {\n address = %q\n lock_address = %q\n unlock_address = %q\n}", at, at, at)
		},
	}
	var b strings.Builder
	fmt.Fprintf(&b, "KILLS=%d SEED=%d, for each backend\n\n| backend | kills in the middle of apply | next apply refused: state lock held | exists and no state knows it | made twice by the next apply |\n|---|---|---|---|---|\n", kills, seed)
	for _, name := range []string{"local", "pg", "http"} {
		var sum plainOutcome
		for n := range kills {
			sum.add(p.play(name, n, backends[name](n)))
		}
		fmt.Fprintf(&b, "| `%s` | %d | %d | %d | %d |\n", name, sum.hit, sum.locked, sum.unknown, sum.twice)
	}
	t.Logf("\n%s", &b)
}

// plain is what Terraform runs with.
type plain struct {
	t        *testing.T
	program  string
	records  *recordtest.Service
	rng      *rand.Rand
	env      []string
	database string
	states   string
}

type plainOutcome struct{ hit, locked, unknown, twice int }

func (o *plainOutcome) add(other plainOutcome) {
	o.hit, o.locked, o.unknown = o.hit+other.hit, o.locked+other.locked, o.unknown+other.unknown
	o.twice += other.twice
}

func (p *plain) configure(mirror string) {
	dir := p.t.TempDir()
	file := filepath.Join(dir, "terraformrc")
	require.NoError(p.t, os.WriteFile(file, []byte(fmt.Sprintf(
		"provider_installation {\n filesystem_mirror {\n  path = %q\n }\n}\n", mirror)), 0o600))
	p.env = append(os.Environ(), "TF_CLI_CONFIG_FILE="+file, "TF_IN_AUTOMATION=1", "CHECKPOINT_DISABLE=1")
	p.database = testenv.Postgres(p.t)
	server := httptest.NewServer(&stateServer{states: map[string][]byte{}, locks: map[string][]byte{}})
	p.t.Cleanup(server.Close)
	p.states = server.URL
}

// code keeps the record a, which changes, and has one that comes with each turn.
func (p *plain) code(backend, prefix string, turn int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "terraform {\n required_providers {\n  slipwaytest = { source = \"slipway.test/dev/slipwaytest\" }\n }\n%s\n}\nprovider \"slipwaytest\" { endpoint = %q }\n", backend, p.records.URL)
	for _, id := range []string{"base", fmt.Sprintf("t%d", turn), fmt.Sprintf("u%d", turn)} {
		fmt.Fprintf(&b, "resource \"slipwaytest_record\" %q {\n name = \"%s|%s\"\n value = \"size-%d\"\n}\n", id, prefix, id, turn)
	}
	return b.String()
}

func (p *plain) play(backend string, n int, block string) (o plainOutcome) {
	t, dir, prefix := p.t, p.t.TempDir(), fmt.Sprintf("%s-%d", backend, n)
	write := func(turn int) {
		require.NoError(t, os.WriteFile(filepath.Join(dir, "main.tf"), []byte(p.code(block, prefix, turn)), 0o600))
	}
	write(1)
	p.must(dir, "init", "-input=false")
	p.must(dir, "apply", "-input=false", "-auto-approve")
	write(2)
	if !p.killed(dir, n) {
		return o
	}
	o.hit, o.unknown = 1, len(p.strangers(dir, prefix))
	out, err := p.run(dir, "apply", "-input=false", "-auto-approve")
	if err != nil && strings.Contains(out, "Error acquiring the state lock") {
		o.locked = 1
		id := regexp.MustCompile(`ID:\s+(\S+)`).FindStringSubmatch(out)
		require.NotNil(t, id, out)
		p.must(dir, "force-unlock", "-force", id[1])
	}
	if out, err = p.run(dir, "apply", "-input=false", "-auto-approve"); err != nil {
		t.Logf("%s: the next apply fails: %s", prefix, out)
	}
	names := map[string]int{}
	for _, r := range p.records.All() {
		if strings.HasPrefix(r.Name, prefix+"|") {
			names[r.Name]++
		}
	}
	for _, times := range names {
		if times > 1 {
			o.twice += times - 1
		}
	}
	return o
}

// killed kills an apply, with the provider that it started, at one of the moments.
func (p *plain) killed(dir string, n int) bool {
	cmd := exec.Command(p.program, "apply", "-input=false", "-auto-approve", "-no-color")
	cmd.Dir, cmd.Env = dir, p.env
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	asked, created := p.records.Totals()
	require.NoError(p.t, cmd.Start())
	ended := make(chan struct{})
	go func() { _ = cmd.Wait(); close(ended) }()
	come := []func() bool{
		func() bool { a, _ := p.records.Totals(); return a > asked },
		func() bool { _, c := p.records.Totals(); return c > created },
		func() bool { return true },
	}[n%3]
	for !come() {
		select {
		case <-ended:
			return false
		case <-time.After(2 * time.Millisecond):
		}
	}
	if n%3 == 2 {
		time.Sleep(time.Duration(p.rng.IntN(900)) * time.Millisecond)
	}
	select {
	case <-ended:
		return false
	default:
	}
	_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
	<-ended
	time.Sleep(300 * time.Millisecond) // what the backend was asked for comes to be
	return true
}

// strangers lists the records that exist and are not in the state.
func (p *plain) strangers(dir, prefix string) (out []string) {
	pulled, err := p.run(dir, "state", "pull")
	require.NoError(p.t, err, pulled)
	for _, r := range p.records.All() {
		if strings.HasPrefix(r.Name, prefix+"|") && !strings.Contains(pulled, fmt.Sprintf("%q", r.ID)) {
			out = append(out, r.Name)
		}
	}
	return out
}

func (p *plain) run(dir string, args ...string) (string, error) {
	cmd := exec.Command(p.program, args...)
	cmd.Dir, cmd.Env = dir, slices.Concat(p.env, []string{"TF_CLI_ARGS=-no-color"})
	if args[0] == "state" || args[0] == "force-unlock" {
		cmd.Env = p.env
	}
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func (p *plain) must(dir string, args ...string) {
	p.t.Helper()
	out, err := p.run(dir, args...)
	require.NoError(p.t, err, "terraform %v: %s", args, out)
}

// stateServer is what Terraform's http backend talks to, with locks.
type stateServer struct {
	mu     sync.Mutex
	states map[string][]byte
	locks  map[string][]byte
}

func (s *stateServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	body, _ := io.ReadAll(r.Body)
	at := r.URL.Path
	switch r.Method {
	case "LOCK":
		if held, locked := s.locks[at]; locked {
			w.WriteHeader(http.StatusLocked)
			_, _ = w.Write(held)
			return
		}
		s.locks[at] = body
	case "UNLOCK":
		var given, held struct{ ID string }
		_, _ = json.Unmarshal(body, &given), json.Unmarshal(s.locks[at], &held)
		if given.ID == "" || given.ID == held.ID {
			delete(s.locks, at)
		}
	case http.MethodPost:
		s.states[at] = body
	default:
		if state, stored := s.states[at]; stored {
			_, _ = w.Write(state)
			return
		}
		w.WriteHeader(http.StatusNotFound)
	}
}
