package chaos

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Variables that `make chaos` sets.
const (
	killsVariable = "KILLS"
	seedVariable  = "SEED"
	caseVariable  = "CASE" // only this one of the seed
)

// Without them a test run takes these.
const (
	fewKills = 25
	fixSeed  = 1
)

func number(t *testing.T, variable string, fallback int) int {
	t.Helper()
	text := os.Getenv(variable)
	if text == "" {
		return fallback
	}
	n, err := strconv.Atoi(text)
	require.NoError(t, err, variable)
	return n
}

// mostBroken is after how many broken laws there is nothing more to learn.
const mostBroken = 5

// TestChaos plays the cases of a seed on one installation and prints what came of them.
func TestChaos(t *testing.T) {
	kills, seed := number(t, killsVariable, fewKills), number(t, seedVariable, fixSeed)
	only := number(t, caseVariable, 0)
	i := install(t)
	i.platform()
	table := newTable(kills, seed)
	defer func() { t.Logf("\n%s", table) }()
	environments := 0
	begin := func() *environment {
		environments++
		e := i.found(fmt.Sprintf("chaos-%d", environments))
		e.calm() // the first deployment meets no fault: what follows alters, removes and adds
		return e
	}
	e := begin()
	for _, f := range plan(rand.New(rand.NewPCG(uint64(seed), 0)), kills) {
		if only > 0 && f.number != only {
			continue
		}
		began := time.Now()
		play := e.play
		if f.tearDown {
			play = e.playTearDown
		}
		o := play(f)
		table.add(f, o)
		t.Logf("%s: %s; %s", f, o, time.Since(began).Round(100*time.Millisecond))
		if len(o.broken) > 0 {
			t.Errorf("seed %d, case %s: broken:\n%s\n%s\n%s", seed, f, strings.Join(o.broken, "\n"), e.state(), e.logs())
		}
		if table.broken() >= mostBroken {
			return
		}
		if f.tearDown || len(o.broken) > 0 {
			e = begin()
		}
	}
	require.Empty(t, e.tearDown(&outcome{}, 0), "nothing is left")
}

// outcome is what came of a case.
type outcome struct {
	where    string // where it was hit; "" when the moment did not come
	why      string // it failed
	status   string // how the deployment that was hit ended; "" when it waits for ever
	took     time.Duration
	asked    int // nodes that stopped for a person
	answered answers
	repeats  int // deployments until one succeeded again
	broken   []string
}

func (o *outcome) count(given answers) {
	o.asked += given.sum()
	o.answered.imported += given.imported
	o.answered.retried += given.retried
	o.answered.accepted += given.accepted
}

func (o outcome) String() string {
	where := o.where
	if where == "" {
		where = "not hit"
	}
	text := fmt.Sprintf("%s; %s after %s, asked %d, deployed again %d", where, o.status, o.took.Round(100*time.Millisecond), o.asked, o.repeats)
	if o.why != "" {
		text += "; it failed because " + o.why
	}
	return text
}

// calm plays a turn in which nothing goes wrong.
func (e *environment) calm() {
	e.nextTurn()
	e.orderDestruction()
	status, _ := e.ended(e.deployTurn())
	require.Equal(e.t, "succeeded", status, "%s\n%s", e.state(), e.logs())
	o := outcome{status: status}
	e.settle(&o, 0)
	require.Empty(e.t, append(o.broken, e.laws()...), "%s\n%s", e.state(), e.logs())
}

// nobodyComes is how long a fault that comes at random looks for somebody to hit, after a deployment has ended.
const nobodyComes = 5 * time.Second

// play plays a turn in which the fault happens.
func (e *environment) play(f fault) (o outcome) {
	e.nextTurn()
	ctx, cancel := context.WithCancel(context.Background())
	hit := e.arm(ctx, f)
	e.orderDestruction()
	id := e.deployTurn()
	o.status, o.took = e.ended(id)
	if f.at.activity == "" || f.link != "" {
		// It comes by itself; but when no runner works any more, there is nobody to do it to.
		nobody := time.AfterFunc(f.after+nobodyComes, cancel)
		o.where = <-hit
		nobody.Stop()
		cancel()
	} else {
		// What hits a destruction may do so after the deployment.
		e.within(2*time.Second, func() (bool, string) {
			select {
			case o.where = <-hit:
				return true, ""
			default:
				return f.at.activity != "DestroyResource", ""
			}
		})
		cancel()
		for where := range hit { // it may be at it
			o.where = where
		}
	}
	if o.status == "" {
		o.broken = append(o.broken, "the deployment waits for ever")
		return o
	}
	if o.status == "failed" {
		o.why = e.errorsOf(id)
		if o.where != "" && f.goesUnnoticed() {
			o.broken = append(o.broken, "the deployment fails: "+o.why)
		}
	}
	e.settle(&o, f.number)
	if len(o.broken) == 0 {
		o.broken = append(o.broken, e.laws()...)
	}
	return o
}

// playTearDown deletes the application while the fault happens.
func (e *environment) playTearDown(f fault) (o outcome) {
	ctx, cancel := context.WithCancel(context.Background())
	hit := e.arm(ctx, f)
	began := time.Now()
	o.broken = e.tearDown(&o, f.number)
	o.took = time.Since(began)
	if len(o.broken) == 0 {
		o.status = "succeeded"
	}
	cancel()
	for where := range hit {
		o.where = where
	}
	return o
}

// mostRepeats is how often a deployment may fail after everything was repaired.
const mostRepeats = 4

// settle does what people do after a fault: answer what is asked, deploy again what has failed, order again what is stuck.
func (e *environment) settle(o *outcome, n int) {
	status := o.status
	for {
		o.count(e.answerAll(n))
		if status != "succeeded" {
			if o.repeats++; o.repeats > mostRepeats {
				o.broken = append(o.broken, "the next deployment does not work: "+e.errorsOfNewest())
				return
			}
			status, _ = e.ended(e.deploy(map[string]any{"comment": fmt.Sprintf("again %d of turn %d", o.repeats, e.turn)}))
			continue
		}
		if stuck, done := e.within(patience, e.nothingLeaves); !done {
			o.broken = append(o.broken, "what is to be destroyed stays for ever: "+stuck)
			return
		}
		if len(e.list(e.path()+"/questions")) == 0 {
			break
		}
	}
	for _, dependants := range []bool{true, false} { // workloads first
		for _, r := range e.list(e.path() + "/resources") {
			mine := strings.HasPrefix(fmt.Sprint(r["res_id"]), "modules.")
			if mine && (r["type"] == "workload") == dependants && !e.needed(r) {
				e.dropped = append(e.dropped, fmt.Sprintf("%v/%v", r["type"], r["gu_res_id"]))
			}
		}
	}
}

// nothingLeaves waits for what is being destroyed, and has it tried again as an operator would.
func (e *environment) nothingLeaves() (bool, string) {
	status, out, err := e.try(http.MethodGet, e.path()+"/resources", nil)
	if err != nil || status != http.StatusOK {
		return false, fmt.Sprint(status, out, err)
	}
	var leaving []string
	for _, v := range out.([]any) {
		r := v.(map[string]any)
		if r["status"] != "deleting" && r["retired"] != true {
			continue
		}
		leaving = append(leaving, fmt.Sprintf("%v %v %v: %v", r["type"], r["gu_res_id"], r["status"], r["status_message"]))
	}
	if len(leaving) > 0 && len(e.list(e.path()+"/questions")) > 0 {
		return true, "" // a person is asked first
	}
	return len(leaving) == 0, strings.Join(leaving, "\n")
}

func (e *environment) errorsOfNewest() string {
	list, _, err := e.deployments()
	if err != nil || len(list) == 0 {
		return fmt.Sprint(err)
	}
	return e.errorsOf(fmt.Sprint(list[0]["id"]))
}

// errorsOf says why a deployment failed.
func (e *environment) errorsOf(id string) string {
	var b strings.Builder
	for _, v := range e.list(e.path() + "/deploys/" + id + "/errors") {
		fmt.Fprintf(&b, "%v %v; ", v["code"], v["message"])
	}
	return b.String()
}

// state is what there is to see, to understand a broken law.
func (e *environment) state() string {
	var b strings.Builder
	for _, path := range []string{"/deploys", "/queue", "/questions", "/resources"} {
		_, out, err := e.try(http.MethodGet, e.path()+path, nil)
		list, isList := out.([]any)
		if isList && path == "/deploys" {
			list = list[:min(4, len(list))]
		}
		fmt.Fprintf(&b, "%s %v\n", path, err)
		if !isList {
			fmt.Fprintf(&b, "  %v\n", out)
		}
		for _, v := range list {
			fmt.Fprintf(&b, "  %v\n", v)
		}
	}
	fmt.Fprintf(&b, "errors of the newest: %s\nrecords: %v\nthings: %v\nrunners at work: %v\n",
		e.errorsOfNewest(), e.records.All(), e.driver.existing(e.app), runners(e.bin))
	return b.String()
}

// tearDown deletes the application, answers what is asked meanwhile, and lists what is left of it anywhere.
func (e *environment) tearDown(o *outcome, n int) []string {
	e.again(http.MethodDelete, org+"/apps/"+e.app, nil, http.StatusAccepted, http.StatusNoContent, http.StatusNotFound)
	last, done := e.within(patience, func() (bool, string) {
		if status, out, err := e.try(http.MethodGet, e.path()+"/questions", nil); err == nil && status == http.StatusOK && len(out.([]any)) > 0 {
			o.count(e.answerAll(n))
		}
		status, out, err := e.try(http.MethodGet, org+"/apps/"+e.app, nil)
		return err == nil && status == http.StatusNotFound, fmt.Sprint(status, out, err)
	})
	if !done {
		return []string{"the application is never gone: " + last}
	}
	last, done = e.within(settles, func() (bool, string) {
		left := e.driver.existing(e.app)
		for _, r := range e.records.All() {
			if strings.HasPrefix(r.Name, e.app+"|") {
				left = append(left, r.Name)
			}
		}
		_, err := e.cluster.CoreV1().Namespaces().Get(context.Background(), e.app+"-development", metav1.GetOptions{})
		if !apierrors.IsNotFound(err) {
			left = append(left, fmt.Sprint("the namespace: ", err))
		}
		if locks := e.noLock(); locks != "" {
			left = append(left, locks)
		}
		return len(left) == 0, strings.Join(left, "\n")
	})
	if !done {
		return []string{"of the application is left: " + last}
	}
	return nil
}
