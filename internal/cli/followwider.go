package cli

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/internal/client"
)

// organization tells what needs attention, and what does no longer.
func (t *teller) organization(f client.Frame) error {
	switch f.Type {
	case "attention":
		found, err := decoded[api.Attention](f)
		known := map[string]bool{}
		for _, i := range slices.Concat(found.Waiting, found.Concerns, found.Underway) {
			what := "- " + strings.TrimSpace(fmt.Sprintf("%s %s %s", i.Kind, attentionPlace(i), attentionID(i)))
			known[what] = true
			t.tell(what, attentionStatus(i), i.Message)
		}
		t.forget("- ", known, "no longer")
		if delete(t.seen, "attention"); len(known) == 0 {
			t.tell("attention", "nothing needs it, and nothing is being deployed")
		}
		return err
	case "applications":
		l, err := decoded[api.ListState](f)
		t.tell("applications", fmt.Sprint(l.Count))
		return err
	case "end":
		t.tell("organization", "is gone")
	}
	return nil
}

// application tells what each environment runs, and what is asked of them.
func (t *teller) application(f client.Frame) error {
	switch f.Type {
	case "application":
		a, err := decoded[api.Application](f)
		t.tell("application "+a.ID, a.Status, a.StatusMessage)
		known := map[string]bool{}
		for _, e := range a.Envs {
			known["environment "+e.ID] = true
		}
		t.forget("environment ", known, "is gone")
		return err
	case "path":
		p, err := decoded[api.PromotionPath](f)
		var stations []string
		for _, s := range p.Steps {
			stations = append(stations, s.Env+s.Type)
		}
		if len(stations) > 0 || t.seen["promotion path"] != "" {
			t.tell("promotion path", strings.Join(stations, " > "))
		}
		return err
	case "environment":
		e, err := decoded[api.EnvironmentStatus](f)
		t.environmentStatus(e)
		return err
	case "promotion":
		p, err := decoded[api.Promotion](f)
		t.tell("promotion "+p.ID, "to "+p.ToEnv, p.Status, p.Phase, p.Message)
		return err
	case "request":
		r, err := decoded[api.EnvironmentRequest](f)
		t.tell("request "+r.ID, "for "+r.EnvID, r.Status, r.Phase, r.Message)
		return err
	case "run":
		r, err := decoded[api.PipelineRun](f)
		t.tell("run "+r.ID, "of "+r.PipelineID, r.Status, r.StatusMessage)
		return err
	case "orders":
		orders, err := decoded[[]api.ScheduledDeployment](f)
		known := map[string]bool{}
		for _, o := range orders {
			known["scheduled deployment "+o.ID] = true
			t.tell("scheduled deployment "+o.ID, "of "+o.EnvID, o.Status, o.Message)
		}
		t.forget("scheduled deployment ", known, "is gone")
		return err
	case "runtime":
		r, err := decoded[api.RuntimeOfEnvironment](f)
		for _, workload := range slices.Sorted(maps.Keys(r.Runtime.Modules)) {
			m := r.Runtime.Modules[workload]
			t.tell("workload "+r.EnvID+"/"+workload, m.Status, m.Message)
		}
		return err
	case "end":
		t.tell("application", "is gone")
	}
	return nil
}

func (t *teller) environmentStatus(e api.EnvironmentStatus) {
	last := "not deployed yet"
	if e.LastDeploy != nil {
		last = e.LastDeploy.ID + " " + outcomeOf(*e.LastDeploy)
	}
	var images []string
	for _, w := range e.Workloads {
		for _, c := range w.Containers {
			images = append(images, w.ID+"="+c.Image)
		}
	}
	said := []string{last, strings.Join(images, " ")}
	if e.Status != "active" {
		said = append(said, e.Status)
	}
	if e.FrozenUntil != nil {
		said = append(said, "frozen until "+e.FrozenUntil.Format(time.RFC3339))
	}
	t.tell("environment "+e.ID, said...)
}
