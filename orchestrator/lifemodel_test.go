package orchestrator_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/engine/resource"
	"github.com/slipway-dev/slipway/orchestrator"
)

// TestAnyLife goes through random lives of one resource and checks after each step
// what must always hold: data that the last success used is there until a success
// with a successor or a DELETE, and is used again by what made it or takes it over, no driver sees a cookie of another one, and a
// teardown leaves nothing. SLIPWAY_TEST_LIVES sets how many, default 8.
func TestAnyLife(t *testing.T) {
	t.Parallel()
	lives := 8
	if n, err := strconv.Atoi(os.Getenv("SLIPWAY_TEST_LIVES")); err == nil {
		lives = n
	}
	for seed := range lives {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			r := &randomLife{life: newLife(t, filepath.Join(t.TempDir(), "slipway.db")), dice: rand.New(rand.NewPCG(7, uint64(seed))), now: "def-a",
				defs: map[string]maker{"def-a": {def: "def-a", driver: "one"}, "def-b": {def: "def-b", driver: "two"}}}
			r.define("def-a", "postgres", "test/one", nil, resource.Criteria{})
			r.define("def-b", "postgres", "test/two", nil)
			for range 25 {
				r.step()
				r.check()
				if r.dice.IntN(2) == 0 {
					r.work()
					r.check()
				}
			}
			r.at.fail, r.at.keep = map[string]bool{}, map[string]bool{}
			r.takeDown()
			require.Empty(t, r.at.things, strings.Join(r.story, "\n"))
		})
	}
}

type randomLife struct {
	*life
	dice  *rand.Rand
	story []string
	used  string // GUResID that the last success with the key used; "" when it may be gone
	by    maker  // what made it
	now   string // the definition that matches
	defs  map[string]maker
}

// maker is a definition with its driver.
type maker struct {
	def, driver string
	inPlace     bool
}

func (r *randomLife) say(format string, args ...any) {
	r.story = append(r.story, fmt.Sprintf(format, args...))
}

// step does one thing that people or surroundings do.
func (r *randomLife) step() {
	drivers := []string{"one", "two", "light"}
	driver, def := drivers[r.dice.IntN(3)], []string{"def-a", "def-b"}[r.dice.IntN(2)]
	switch r.dice.IntN(12) {
	case 0:
		inPlace := r.dice.IntN(2) == 0
		r.say("%s is made by %s, in place %t", def, driver, inPlace)
		r.redefine(def, "test/"+driver, inPlace, def)
		r.defs[def] = maker{def, driver, inPlace}
	case 1, 2:
		r.say("%s matches", def)
		r.match(map[string]string{"def-a": "def-b", "def-b": "def-a"}[def])
		r.match(def, resource.Criteria{})
		r.now = def
	case 3:
		r.say("all is well")
		r.at.fail, r.at.keep = map[string]bool{}, map[string]bool{}
	case 4:
		what := []string{"create", "update", "destroy"}[r.dice.IntN(3)] + " " + driver + " db"
		fails, keeps := r.dice.IntN(2) == 0, r.dice.IntN(2) == 0
		r.say("%s fails %t with a cookie %t", what, fails, keeps)
		r.at.fail[what], r.at.keep[what] = fails, fails && keeps
	case 5, 6:
		r.remove()
	case 7:
		r.run(needs{}, r.dice.IntN(2) > 0)
	default:
		r.run(db, r.dice.IntN(2) > 0)
	}
}

// work lets the queue destroy what it was ordered to.
func (r *randomLife) work() {
	r.clock += 7 * time.Hour
	r.settle()
	if done := r.at.took(); len(done) > 0 {
		r.say("the queue: %v", done)
	}
}

// run deploys; the rollout may fail.
func (r *randomLife) run(want needs, rollout bool) {
	key := r.begin(want)
	outcome := succeeded
	if failedNode := r.provision(key); failedNode || !rollout {
		outcome = failed
	}
	r.finish(key, outcome)
	r.say("deployment of %v: %s, %v", want, outcome, r.at.took())
	if len(want) == 0 {
		return
	}
	nodes, err := r.records.ListNodes(r.ctx, "acme", key.ID)
	require.NoError(r.t, err)
	at := slices.IndexFunc(nodes, func(n orchestrator.Node) bool { return n.Key.Type == "postgres" })
	now := r.defs[r.now]
	if outcome != succeeded {
		if nodes[at].GUResID == r.used && nodes[at].Status == orchestrator.NodeSucceeded {
			r.by = now // taken over, which going back does not undo
		}
		return
	}
	if r.used != "" && (now.inPlace || r.by.def == now.def && r.by.driver == now.driver) {
		require.Equal(r.t, r.used, nodes[at].GUResID, "made by %+v, now by %+v:\n%s", r.by, now, strings.Join(r.story, "\n"))
	}
	r.used, r.by = nodes[at].GUResID, now
}

// remove deletes one of all resources there are.
func (r *randomLife) remove() {
	all := slices.Concat(r.list(nil), r.leaving())
	if len(all) == 0 {
		return
	}
	res := all[r.dice.IntN(len(all))]
	_, err := r.service.DeleteActiveResource(r.ctx, r.ref, "postgres", res.GUResID, false)
	r.say("DELETE %s: %v", res.GUResID, err)
	if err == nil && res.GUResID == r.used {
		r.used = ""
	}
}

func (r *randomLife) check() {
	r.t.Helper()
	story := func() string { return strings.Join(r.story, "\n") }
	if r.used != "" {
		require.True(r.t, r.at.things[r.used], "the data of %s is gone:\n%s", r.used, story())
	}
	for _, call := range slices.Concat(r.at.cookies, r.at.ended) {
		driver, cookie, _ := strings.Cut(call, " ")
		_, writer, written := strings.Cut(strings.SplitN(cookie, " by def", 2)[0], " of ")
		if by, begun := strings.CutPrefix(strings.SplitN(cookie, " by def", 2)[0], "begun by "); begun {
			writer, written = by, true
		}
		require.True(r.t, !written || writer == driver, "%s was given %q:\n%s", driver, cookie, story())
	}
}
