package chaos

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// settles is how long what was put right may take until it can be seen everywhere.
const settles = 90 * time.Second

// laws lists what is broken once everything has come to rest.
func (e *environment) laws() (broken []string) {
	for _, law := range []struct {
		name  string
		check func() string
	}{
		{"exactly one terminal status", e.oneEnd},
		{"the queue is empty", e.queueEmpty},
		{"no lock is held", e.noLock},
		{"what Terraform made is what there should be", e.recordsAgree},
		{"what the external driver made is what there should be", e.thingsAgree},
		{"nothing was made more often than it should be", e.madeOnce},
		{"what was delivered is what there should be", e.objectsAgree},
	} {
		last, done := e.within(settles, func() (bool, string) {
			wrong := law.check()
			return wrong == "", wrong
		})
		if !done {
			broken = append(broken, law.name+": "+last)
		}
	}
	return broken
}

func (e *environment) oneEnd() string {
	list, _, err := e.deployments()
	if err != nil {
		return err.Error()
	}
	for _, d := range list[:min(4, len(list))] {
		status, out, err := e.try(http.MethodGet, fmt.Sprintf("%s/deploys/%s/events?limit=1000", e.path(), d["id"]), nil)
		events, _ := out.([]any)
		if err != nil || status != http.StatusOK {
			return fmt.Sprint(status, out, err)
		}
		ends, nodes := []string{}, map[any]int{}
		for _, v := range events {
			event := v.(map[string]any)
			switch {
			case event["type"] == "deployment.status" && (event["status"] == "succeeded" || event["status"] == "failed"):
				ends = append(ends, event["status"].(string))
			case event["type"] == "node.status" && event["status"] == "succeeded":
				nodes[event["node"]]++
			}
		}
		if !slices.Equal(ends, []string{fmt.Sprint(d["status"])}) {
			return fmt.Sprintf("deployment %v is %v and its events say %v", d["id"], d["status"], ends)
		}
		for node, n := range nodes {
			if n != 1 {
				return fmt.Sprintf("deployment %v: node %v succeeded %d times", d["id"], node, n)
			}
		}
	}
	return ""
}

func (e *environment) queueEmpty() string {
	status, out, err := e.try(http.MethodGet, e.path()+"/queue", nil)
	queue, _ := out.(map[string]any)
	waiting, known := queue["deployments"].([]any)
	if err != nil || status != http.StatusOK || !known || len(waiting) > 0 {
		return fmt.Sprint(status, out, err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	d, err := e.history.DescribeWorkflowExecution(ctx, "env:demo/"+e.app+"/development", "")
	if err != nil {
		return err.Error()
	}
	if s := d.GetWorkflowExecutionInfo().GetStatus().String(); s == "Running" {
		return "the workflow of the environment still runs"
	}
	return ""
}

// noLock looks into the database: runs that are not over, leases that are held, sessions that wait in a transaction.
func (e *environment) noLock() string {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, e.postgres.DSN())
	if err != nil {
		return err.Error()
	}
	defer func() { _ = conn.Close(ctx) }()
	for what, query := range map[string]string{
		"runs that are not over": "SELECT count(*) FROM runner_runs WHERE status IN ('pending', 'running')",
		"leases that are held":   fmt.Sprintf("SELECT count(*) FROM runner_leases WHERE expires_at > %d", time.Now().UnixNano()),
		"open transactions":      "SELECT count(*) FROM pg_stat_activity WHERE datname = 'slipway' AND state LIKE 'idle in transaction%' AND now() - state_change > interval '1 second'",
	} {
		var n int
		if err := conn.QueryRow(ctx, query).Scan(&n); err != nil {
			return err.Error()
		}
		if n > 0 {
			return fmt.Sprintf("%d %s", n, what)
		}
	}
	return ""
}

// agree compares what there is with what there should be.
func agree(is, should []string) string {
	sort.Strings(is)
	sort.Strings(should)
	if slices.Equal(is, should) {
		return ""
	}
	return fmt.Sprintf("there is\n  %s\nthere should be\n  %s", strings.Join(is, "\n  "), strings.Join(should, "\n  "))
}

func (e *environment) recordsAgree() string {
	is, should := []string{}, []string{}
	for _, r := range e.records.All() {
		if strings.HasPrefix(r.Name, e.app+"|") {
			is = append(is, r.Name)
		}
	}
	for _, r := range e.resources() {
		if r["type"] == "redis" {
			should = append(should, e.nameOf(r))
		}
	}
	return agree(is, should)
}

func (e *environment) thingsAgree() string {
	should := []string{}
	for _, r := range e.resources() {
		if r["type"] == "s3" {
			should = append(should, fmt.Sprint(r["gu_res_id"], " ", e.nameOf(r)))
		}
	}
	return agree(e.driver.existing(e.app), should)
}

// madeOnce counts what was ever made: something that was made twice and removed again is seen, too.
func (e *environment) madeOnce() string {
	var wrong []string
	for _, made := range []map[string]int{e.records.Made(), e.driver.madeByName()} {
		for name, times := range made {
			if strings.HasPrefix(name, e.app+"|") && times > e.asked[name] {
				wrong = append(wrong, fmt.Sprintf("%s: made %d times, should be %d", name, times, e.asked[name]))
			}
		}
	}
	sort.Strings(wrong)
	return strings.Join(wrong, "\n")
}

func (e *environment) objectsAgree() string {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	is, should := []string{}, []string{}
	space := e.app + "-development"
	maps, err := e.cluster.CoreV1().ConfigMaps(space).List(ctx, metav1.ListOptions{})
	if err != nil && !apierrors.IsNotFound(err) {
		return err.Error()
	}
	for _, m := range maps.Items {
		if made, ok := m.Data["made"]; ok {
			is = append(is, made)
		}
	}
	deployments, err := e.cluster.AppsV1().Deployments(space).List(ctx, metav1.ListOptions{})
	if err != nil && !apierrors.IsNotFound(err) {
		return err.Error()
	}
	for _, d := range deployments.Items {
		is = append(is, "workload "+d.Name)
	}
	for _, w := range e.workloads {
		should = append(should, "workload "+w)
	}
	for _, r := range e.resources() {
		if r["type"] == "demo/conf" && e.needed(r) {
			should = append(should, e.nameOf(r))
		}
	}
	return agree(is, should)
}
