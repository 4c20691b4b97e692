// Package drivertest is the conformance suite that every driver passes. It
// checks the promises of drivers.Driver through its public methods and knows
// nothing of any particular driver.
package drivertest

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/slipway-dev/slipway/drivers"
)

// Case is one request that a driver must handle.
type Case struct {
	Name    string
	Request drivers.Request
	// Fails says that Provision must return an error. Then the suite checks that the
	// error is the same every time and holds no secret value.
	Fails bool
	// Random says that the first run draws random values, kept by the cookie: the
	// second run, with the cookie of the first, must then repeat the first.
	Random bool
}

// Run checks the contract on every case, each with a driver of its own.
func Run(t *testing.T, newDriver func() drivers.Driver, cases ...Case) {
	t.Helper()
	if len(cases) == 0 {
		t.Fatal("drivertest: no cases were given")
	}
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			checks := map[string]func(*testing.T, drivers.Driver, Case){
				"leaves its inputs alone":            checkInputsUntouched,
				"cancelled context is honoured":      checkCancelled,
				"destroy of an absent resource":      checkDestroyAbsent,
				"error is stable and without secret": checkError,
				"provisioning twice gives the same":  checkIdempotent,
				"result shares nothing with inputs":  checkNoSharing,
				"lives through destroy and again":    checkAgain,
				"manifests have known locations":     checkManifests,
				"a plan is applied as it is":         checkPlan,
			}
			for name, check := range checks {
				t.Run(name, func(t *testing.T) { check(t, newDriver(), c) })
			}
		})
	}
}

func checkInputsUntouched(t *testing.T, d drivers.Driver, c Case) {
	before := c.Request.Clone()
	r := c.Request.Clone()
	_, _ = d.Provision(context.Background(), r)
	_ = d.Destroy(context.Background(), r)
	for name, pair := range map[string][2]any{
		"Resource": {before.Resource, r.Resource},
		"Values":   {before.Values, r.Values},
		"Secrets":  {before.Secrets, r.Secrets},
	} {
		if !reflect.DeepEqual(pair[0], pair[1]) {
			t.Errorf("the driver changed Request.%s", name)
		}
	}
}

func checkCancelled(t *testing.T, d drivers.Driver, c Case) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := d.Provision(ctx, c.Request.Clone()); err == nil {
		t.Error("Provision succeeded although its context was cancelled")
	}
	if err := d.Destroy(ctx, c.Request.Clone()); err == nil {
		t.Error("Destroy succeeded although its context was cancelled")
	}
}

func checkDestroyAbsent(t *testing.T, d drivers.Driver, c Case) {
	r := c.Request.Clone()
	r.Cookie = ""
	for i := range 2 {
		if err := d.Destroy(context.Background(), r); err != nil && !c.Fails {
			t.Fatalf("Destroy number %d of a resource that does not exist: %v", i+1, err)
		}
	}
}

func checkError(t *testing.T, d drivers.Driver, c Case) {
	if !c.Fails {
		if _, err := d.Provision(context.Background(), c.Request.Clone()); err != nil {
			t.Fatalf("Provision: %v", err)
		}
		return
	}
	_, first := d.Provision(context.Background(), c.Request.Clone())
	_, second := d.Provision(context.Background(), c.Request.Clone())
	if first == nil || second == nil {
		t.Fatal("Provision succeeded, an error was expected")
	}
	if first.Error() != second.Error() {
		t.Errorf("the message differs between runs:\n%s\n%s", first, second)
	}
	for _, leaf := range leaves(c.Request.Secrets) {
		if strings.Contains(first.Error(), leaf) {
			t.Error("the message contains a secret value")
		}
	}
}

func checkIdempotent(t *testing.T, d drivers.Driver, c Case) {
	if c.Fails {
		return
	}
	first, err := d.Provision(context.Background(), c.Request.Clone())
	if err != nil {
		t.Fatalf("first Provision: %v", err)
	}
	again := c.Request.Clone()
	again.Cookie = first.Cookie
	second, err := d.Provision(context.Background(), again)
	if err != nil {
		t.Fatalf("second Provision: %v", err)
	}
	if !reflect.DeepEqual(first, second) {
		t.Errorf("the second run differs from the first:\n%s\n%s", describe(first), describe(second))
	}
	if c.Random {
		return
	}
	fresh, err := d.Provision(context.Background(), c.Request.Clone())
	if err != nil {
		t.Fatalf("third Provision: %v", err)
	}
	if !reflect.DeepEqual(first, fresh) {
		t.Errorf("the same inputs gave another result:\n%s\n%s", describe(first), describe(fresh))
	}
}

func checkNoSharing(t *testing.T, d drivers.Driver, c Case) {
	if c.Fails {
		return
	}
	r := c.Request.Clone()
	before := r.Clone()
	result, err := d.Provision(context.Background(), r)
	if err != nil {
		t.Fatalf("Provision: %v", err)
	}
	scribble(result.Values)
	scribble(result.Secrets)
	for _, m := range result.Manifests {
		scribble(m.Data)
	}
	if !reflect.DeepEqual(before.Values, r.Values) || !reflect.DeepEqual(before.Secrets, r.Secrets) ||
		!reflect.DeepEqual(before.Resource, r.Resource) {
		t.Error("writing to the result changed the request")
	}
}

func checkAgain(t *testing.T, d drivers.Driver, c Case) {
	if c.Fails {
		return
	}
	first, err := d.Provision(context.Background(), c.Request.Clone())
	if err != nil {
		t.Fatalf("Provision: %v", err)
	}
	gone := c.Request.Clone()
	gone.Cookie = first.Cookie
	if err := d.Destroy(context.Background(), gone); err != nil {
		t.Fatalf("Destroy: %v", err)
	}
	if _, err := d.Provision(context.Background(), c.Request.Clone()); err != nil {
		t.Fatalf("Provision after Destroy: %v", err)
	}
}

func checkManifests(t *testing.T, d drivers.Driver, c Case) {
	if c.Fails {
		return
	}
	result, err := d.Provision(context.Background(), c.Request.Clone())
	if err != nil {
		t.Fatalf("Provision: %v", err)
	}
	for i, m := range result.Manifests {
		if plural, err := drivers.NormaliseLocation(m.Location); err != nil || plural != m.Location {
			t.Errorf("manifest %d has location %q", i, m.Location)
		}
	}
}

// checkPlan is for drivers that keep plans; to others PlanID means nothing.
func checkPlan(t *testing.T, d drivers.Driver, c Case) {
	planner, ok := d.(drivers.Planner)
	if !ok || c.Fails {
		return
	}
	plan, err := planner.Plan(context.Background(), c.Request.Clone())
	if err != nil {
		t.Fatalf("Plan: %v", err)
	}
	if plan.ID == "" {
		return
	}
	unknown := c.Request.Clone()
	unknown.PlanID = "plan-that-nobody-made"
	if _, err := d.Provision(context.Background(), unknown); !drivers.IsPermanent(err) {
		t.Errorf("Provision of a plan that does not exist gives %v, expected a permanent error", err)
	}
	shown := c.Request.Clone()
	shown.PlanID = plan.ID
	planned, err := d.Provision(context.Background(), shown)
	if err != nil {
		t.Fatalf("Provision of the plan: %v", err)
	}
	again, err := d.Provision(context.Background(), c.Request.Clone())
	if err != nil {
		t.Fatalf("Provision after the plan was applied: %v", err)
	}
	if !c.Random && !reflect.DeepEqual(planned, again) {
		t.Errorf("the applied plan differs from what Provision makes:\n%s\n%s", describe(planned), describe(again))
	}
}

func describe(r drivers.Result) string {
	return fmt.Sprintf("values %v, %d secrets, manifests %v", r.Values, len(r.Secrets), r.Manifests)
}

// scribble overwrites every container it can reach.
func scribble(v any) {
	switch t := v.(type) {
	case map[string]any:
		for _, e := range t {
			scribble(e)
		}
		if t != nil {
			t["scribbled"] = true
		}
	case []any:
		for i, e := range t {
			scribble(e)
			t[i] = "scribbled"
		}
	}
}

func leaves(v any) []string {
	switch t := v.(type) {
	case map[string]any:
		var out []string
		for _, e := range t {
			out = append(out, leaves(e)...)
		}
		return out
	case []any:
		var out []string
		for _, e := range t {
			out = append(out, leaves(e)...)
		}
		return out
	case string:
		if len(t) > 2 {
			return []string{t}
		}
	}
	return nil
}
