package orchestrator_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/engine/resource"
	"github.com/slipway-dev/slipway/orchestrator"
)

// Driver gives the drivers of this platform that run elsewhere.
func (p *platform) Driver(target string) drivers.Driver { return &elsewhere{p, target} }

// elsewhere keeps a cookie, and then fails where its address says so.
type elsewhere struct {
	p      *platform
	target string
}

func (e *elsewhere) Provision(_ context.Context, r drivers.Request) (drivers.Result, error) {
	e.p.cookies = append(e.p.cookies, r.Cookie)
	if e.target != "https://failing.test" {
		return drivers.Result{Values: map[string]any{"host": "h"}, Cookie: "of " + e.target}, nil
	}
	if err := r.Keep("of " + e.target); err != nil {
		return drivers.Result{}, err
	}
	return drivers.Result{}, &drivers.Error{Code: drivers.CodeFailed, Permanent: true, Message: "no room"}
}

func (e *elsewhere) Destroy(context.Context, drivers.Request) error {
	e.p.called = append(e.p.called, "DELETE "+e.target)
	return nil
}

// TestAFailedFirstCallIsNotForgotten: what it may have left is its driver's to
// delete, so that driver is in use; the cookie is that driver's too.
func TestAFailedFirstCallIsNotForgotten(t *testing.T) {
	t.Parallel()
	p := newPlatform(t)
	for id, target := range map[string]string{"failing": "https://failing.test", "working": "https://working.test"} {
		_, err := p.service.CreateDriver(p.ctx, "acme", orchestrator.DriverDefinition{OrgID: "acme", ID: id, Type: "postgres", Target: target})
		require.NoError(t, err)
	}
	pg := definition("pg-def", "postgres", "", nil)
	pg.DriverType, pg.InPlaceDriverChange = "acme/failing", true
	p.create(pg)
	db := m{"db": m{"type": "postgres"}}
	p.deploy(nil, db).fails("no room")
	kept, err := p.store.GetActiveResource(p.ctx, p.env, resource.Key{Type: "postgres", Class: "default", ID: "shared.db"})
	require.NoError(t, err)
	require.True(t, kept.Attempted)

	pg.DriverType = "acme/working"
	_, err = p.service.ReplaceDefinition(p.ctx, "acme", "pg-def", pg)
	require.NoError(t, err)
	err = p.service.DeleteDriver(p.ctx, "acme", "failing")
	require.Equal(t, orchestrator.CodeConflict, orchestrator.CodeOf(err), "%v", err)
	require.ErrorContains(t, err, "postgres.default#shared.db")

	p.deploy(nil, db).ok()
	require.Equal(t, []string{"", ""}, p.cookies, "no driver gets another's cookie")
	require.NoError(t, p.service.DeleteDriver(p.ctx, "acme", "failing"), "nothing is its any more")
}
