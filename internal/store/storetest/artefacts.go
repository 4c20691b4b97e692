package storetest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/orchestrator"
)

// automated are the records of artefacts, automation and webhooks in a world.
type automated struct {
	artefact orchestrator.Artefact
	version  orchestrator.ArtefactVersion
	rule     orchestrator.AutomationRule
	push     orchestrator.Push
	hook     orchestrator.Webhook
	delivery orchestrator.WebhookDelivery
}

// newAutomated adds one of each to an organization.
func newAutomated(t *testing.T, s orchestrator.Store, w *world) *automated {
	t.Helper()
	a := &automated{
		artefact: orchestrator.Artefact{OrgID: w.org, ID: "art", Name: "registry/api", Type: orchestrator.ArtefactContainer, CreatedAt: epoch},
		version: orchestrator.ArtefactVersion{
			OrgID: w.org, ID: "ver", ArtefactID: "art", Name: "registry/api", Type: orchestrator.ArtefactContainer, Tag: "1", ImageID: "api",
			Fingerprint: "f", CreatedAt: epoch,
		},
		rule: orchestrator.AutomationRule{OrgID: w.org, AppID: "shop", EnvID: "qa", ID: "rule", Active: true, Type: "update", CreatedAt: epoch},
		push: orchestrator.Push{OrgID: w.org, AppID: "shop", EnvID: "qa", ID: "push", Status: orchestrator.PushPending, CreatedAt: epoch},
		hook: orchestrator.Webhook{OrgID: w.org, AppID: "shop", ID: "hook", URL: "example.com", CreatedAt: epoch},
		delivery: orchestrator.WebhookDelivery{
			OrgID: w.org, AppID: "shop", WebhookID: "hook", ID: "del", Status: orchestrator.WebhookPending, Order: 1, CreatedAt: epoch,
		},
	}
	require.NoError(t, s.CreateArtefact(ctx, &a.artefact))
	require.NoError(t, s.CreateArtefactVersion(ctx, &a.version))
	require.NoError(t, s.CreateAutomationRule(ctx, &a.rule))
	require.NoError(t, s.CreatePushes(ctx, []orchestrator.Push{a.push}))
	require.NoError(t, s.CreateWebhook(ctx, &a.hook))
	require.NoError(t, s.CreateWebhookDeliveries(ctx, []orchestrator.WebhookDelivery{a.delivery}))
	a.push.Version, a.delivery.Version = 1, 1
	return a
}

func testArtefacts(t *testing.T, s orchestrator.Store) {
	newBase(t, s, "acme")
	artefact := orchestrator.Artefact{}
	fill(&artefact, 1)
	artefact.OrgID = "acme"
	require.NoError(t, s.CreateArtefact(ctx, &artefact))
	got, err := s.FindArtefact(ctx, "acme", artefact.Type, artefact.Name)
	require.NoError(t, err)
	require.Equal(t, &artefact, got)
	again := artefact
	again.ID = "another"
	require.True(t, orchestrator.IsConflict(s.CreateArtefact(ctx, &again)), "one of each kind for a name")
	artefact.UpdatedAt, artefact.UpdatedBy = epoch.Add(time.Hour), "bob"
	require.NoError(t, s.UpdateArtefact(ctx, &artefact))
	got, err = s.GetArtefact(ctx, "acme", artefact.ID)
	require.NoError(t, err)
	require.Equal(t, &artefact, got)
	all, err := s.ListArtefacts(ctx, "acme", "", artefact.Name)
	require.NoError(t, err)
	require.Equal(t, []orchestrator.Artefact{artefact}, all)
	all, err = s.ListArtefacts(ctx, "acme", "other", "")
	require.NoError(t, err)
	require.Empty(t, all)

	check(t, aggregate[orchestrator.ArtefactVersion]{
		place: func(v *orchestrator.ArtefactVersion) { v.OrgID, v.ID, v.ArtefactID = "acme", "one", artefact.ID },
		keep: func(from, to *orchestrator.ArtefactVersion) {
			changed := *to
			*to = *from
			to.Archived, to.Set, to.UpdatedAt, to.UpdatedBy = changed.Archived, changed.Set, changed.UpdatedAt, changed.UpdatedBy
		},
		create: func(v *orchestrator.ArtefactVersion) error { return s.CreateArtefactVersion(ctx, v) },
		read:   func() (*orchestrator.ArtefactVersion, error) { return s.GetArtefactVersion(ctx, "acme", "one") },
		update: func(v *orchestrator.ArtefactVersion) error { return s.UpdateArtefactVersion(ctx, v) },
	})
	one, err := s.GetArtefactVersion(ctx, "acme", "one")
	require.NoError(t, err)
	same := *one
	same.ID = "two"
	require.True(t, orchestrator.IsConflict(s.CreateArtefactVersion(ctx, &same)), "the same build is stored once")
	require.True(t, orchestrator.IsNotFound(s.CreateArtefactVersion(ctx, &orchestrator.ArtefactVersion{OrgID: "acme", ID: "x", ArtefactID: "none"})))
	same.Fingerprint, same.Archived, same.CreatedAt, same.Digest = "g", true, one.CreatedAt.Add(1), "sha256:x"
	require.NoError(t, s.CreateArtefactVersion(ctx, &same))
	found, err := s.FindArtefactVersion(ctx, "acme", artefact.ID, "g")
	require.NoError(t, err)
	require.Equal(t, &same, found)

	id := func(v orchestrator.ArtefactVersion) string { return v.ID }
	for name, c := range map[string]struct {
		filter orchestrator.ArtefactVersionFilter
		want   []string
	}{
		"not archived": {orchestrator.ArtefactVersionFilter{}, []string{"one"}},
		"newest first": {orchestrator.ArtefactVersionFilter{Archived: true}, []string{"two", "one"}},
		"limit":        {orchestrator.ArtefactVersionFilter{Archived: true, Limit: 1}, []string{"two"}},
		"digest":       {orchestrator.ArtefactVersionFilter{Archived: true, Digest: "sha256:x"}, []string{"two"}},
		"tag":          {orchestrator.ArtefactVersionFilter{Tag: "none"}, []string{}},
		"name":         {orchestrator.ArtefactVersionFilter{Name: one.Name, Type: one.Type, ImageID: one.ImageID, ArtefactID: artefact.ID}, []string{"one"}},
	} {
		list, err := s.ListArtefactVersions(ctx, "acme", c.filter)
		require.NoError(t, err, name)
		require.Equal(t, c.want, names(list, id), name)
		for _, v := range list {
			require.Nil(t, v.Source, "lists go without documents")
		}
	}
	require.NoError(t, s.DeleteArtefact(ctx, "acme", artefact.ID))
	_, err = s.GetArtefactVersion(ctx, "acme", "one")
	require.True(t, orchestrator.IsNotFound(err), "versions go with their artefact")
}

func testAutomation(t *testing.T, s orchestrator.Store) {
	w := newBase(t, s, "acme")
	check(t, aggregate[orchestrator.AutomationRule]{
		place: func(v *orchestrator.AutomationRule) { v.OrgID, v.AppID, v.EnvID, v.ID = "acme", "shop", "qa", "r1" },
		keep: func(from, to *orchestrator.AutomationRule) {
			to.CreatedAt, to.Version = from.CreatedAt, from.Version
		},
		create: func(v *orchestrator.AutomationRule) error { return s.CreateAutomationRule(ctx, v) },
		read:   func() (*orchestrator.AutomationRule, error) { return s.GetAutomationRule(ctx, w.env, "r1") },
		update: func(v *orchestrator.AutomationRule) error { return s.UpdateAutomationRule(ctx, v) },
	})
	early := orchestrator.AutomationRule{OrgID: "acme", AppID: "shop", EnvID: "later", ID: "r2", Active: true, CreatedAt: epoch}
	require.NoError(t, s.CreateAutomationRule(ctx, &early), "before its environment")
	active := func() []string {
		rules, err := s.ActiveAutomationRules(ctx, "acme")
		require.NoError(t, err)
		return names(rules, func(r orchestrator.AutomationRule) string { return r.ID })
	}
	require.Empty(t, active(), "one is not active, the other has no environment")
	later := orchestrator.EnvRef{OrgID: "acme", AppID: "shop", EnvID: "later"}
	env := newEnvironment(t, s, later)
	require.Equal(t, []string{"r2"}, active())
	env.Status = orchestrator.StatusDeleting
	require.NoError(t, s.UpdateEnvironment(ctx, &env))
	require.Empty(t, active(), "an environment that goes follows nothing")

	var push orchestrator.Push
	fill(&push, 1)
	push.OrgID, push.AppID, push.EnvID, push.Status, push.Version = "acme", "shop", "qa", orchestrator.PushPending, 1
	second := push
	second.ID, second.CreatedAt, second.HandledAt = "p2", push.CreatedAt.Add(1), nil
	require.NoError(t, s.CreatePushes(ctx, []orchestrator.Push{second, push}))
	pending, err := s.PendingPushes(ctx, w.env)
	require.NoError(t, err)
	require.Equal(t, []orchestrator.Push{push, second}, pending, "oldest first")
	refs, err := s.EnvironmentsWithPushes(ctx, second.CreatedAt, 10)
	require.NoError(t, err)
	require.Equal(t, []orchestrator.EnvRef{w.env}, refs)
	refs, err = s.EnvironmentsWithPushes(ctx, push.CreatedAt, 10)
	require.NoError(t, err)
	require.Empty(t, refs, "younger ones are being handed over")

	handled := epoch
	push.Status, push.Reason, push.DeploymentID, push.HandledAt = orchestrator.PushDeployed, "r", "d", &handled
	require.NoError(t, s.UpdatePush(ctx, &push))
	newest, err := s.ListPushes(ctx, w.env, 0)
	require.NoError(t, err)
	require.Equal(t, []orchestrator.Push{second, push}, newest)
	stale := push
	stale.Version--
	require.True(t, orchestrator.IsConflict(s.UpdatePush(ctx, &stale)))
	require.NoError(t, s.DeletePushes(ctx, w.env, handled.Add(1)))
	newest, err = s.ListPushes(ctx, w.env, 5)
	require.NoError(t, err)
	require.Equal(t, []orchestrator.Push{second}, newest, "what waits stays")
	require.True(t, orchestrator.IsNotFound(s.CreatePushes(ctx, []orchestrator.Push{{OrgID: "acme", AppID: "shop", EnvID: "none", ID: "x"}})))

	require.NoError(t, s.DeleteEnvironment(ctx, w.env))
	rules, err := s.ListAutomationRules(ctx, w.env)
	require.NoError(t, err)
	require.Empty(t, rules, "rules go with their environment")
}

func testWebhooks(t *testing.T, s orchestrator.Store) {
	newBase(t, s, "acme")
	check(t, aggregate[orchestrator.Webhook]{
		place: func(v *orchestrator.Webhook) { v.OrgID, v.AppID, v.ID = "acme", "shop", "hook" },
		keep: func(from, to *orchestrator.Webhook) {
			to.CreatedAt, to.CreatedBy, to.Version = from.CreatedAt, from.CreatedBy, from.Version
		},
		create: func(v *orchestrator.Webhook) error { return s.CreateWebhook(ctx, v) },
		read:   func() (*orchestrator.Webhook, error) { return s.GetWebhook(ctx, "acme", "shop", "hook") },
		update: func(v *orchestrator.Webhook) error { return s.UpdateWebhook(ctx, v) },
	})
	require.NoError(t, s.CreateApplication(ctx, &orchestrator.Application{OrgID: "acme", ID: "another"}))
	taken := s.CreateWebhook(ctx, &orchestrator.Webhook{OrgID: "acme", AppID: "another", ID: "hook"})
	require.True(t, orchestrator.IsConflict(taken), "ids are unique in the organization")
	empty := orchestrator.Webhook{OrgID: "acme", AppID: "shop", ID: "empty", Payload: map[string]any{}}
	require.NoError(t, s.CreateWebhook(ctx, &empty))
	hooks, err := s.ListWebhooks(ctx, "acme", "shop")
	require.NoError(t, err)
	require.Equal(t, []string{"empty", "hook"}, names(hooks, func(w orchestrator.Webhook) string { return w.ID }))
	require.NotNil(t, hooks[0].Payload, "an empty payload is not none")
	require.Nil(t, hooks[1].Payload)

	var first orchestrator.WebhookDelivery
	fill(&first, 1)
	first.OrgID, first.AppID, first.WebhookID, first.Status, first.HandedOverAt, first.Version = "acme", "shop", "hook", orchestrator.WebhookPending, nil, 1
	second := first
	second.ID, second.CreatedAt = "d2", first.CreatedAt.Add(1)
	require.NoError(t, s.CreateWebhookDeliveries(ctx, []orchestrator.WebhookDelivery{second, first}))
	got, err := s.GetWebhookDelivery(ctx, "acme", first.ID)
	require.NoError(t, err)
	require.Equal(t, &first, got)
	newest, err := s.ListWebhookDeliveries(ctx, "acme", "hook", 0)
	require.NoError(t, err)
	require.Equal(t, []orchestrator.WebhookDelivery{second, first}, newest)
	waiting, err := s.WaitingDeliveries(ctx, "acme", "shop", 10)
	require.NoError(t, err)
	require.Equal(t, []orchestrator.WebhookDelivery{first, second}, waiting, "oldest first")

	told := epoch.Add(time.Hour)
	first.HandedOverAt = &told
	require.NoError(t, s.UpdateWebhookDelivery(ctx, &first))
	id := func(d orchestrator.WebhookDelivery) string { return d.ID }
	stale, err := s.StaleDeliveries(ctx, epoch.Add(time.Minute), told, 10)
	require.NoError(t, err)
	require.Equal(t, []string{"d2"}, names(stale, id))
	stale, err = s.StaleDeliveries(ctx, epoch.Add(time.Minute), told.Add(1), 10)
	require.NoError(t, err)
	require.Equal(t, []string{first.ID, "d2"}, names(stale, id))
	waiting, err = s.WaitingDeliveries(ctx, "acme", "shop", 10)
	require.NoError(t, err)
	require.Equal(t, []string{"d2"}, names(waiting, id))

	ended := epoch
	second.Status, second.FinishedAt, second.Attempts = orchestrator.WebhookDelivered, &ended, 3
	require.NoError(t, s.UpdateWebhookDelivery(ctx, &second))
	require.NoError(t, s.DeleteWebhookDeliveries(ctx, "acme", "hook", ended.Add(1)))
	_, err = s.GetWebhookDelivery(ctx, "acme", "d2")
	require.True(t, orchestrator.IsNotFound(err))
	require.NoError(t, s.DeleteWebhook(ctx, "acme", "shop", "hook"))
	_, err = s.GetWebhookDelivery(ctx, "acme", first.ID)
	require.True(t, orchestrator.IsNotFound(err), "deliveries go with their webhook")
}

// missingAutomated are calls as an organization that knows the ids of another.
func missingAutomated(s orchestrator.Store, a *automated, org string) map[string]func() error {
	ref := orchestrator.EnvRef{OrgID: org, AppID: "shop", EnvID: "qa"}
	version, rule, push, hook, delivery := a.version, a.rule, a.push, a.hook, a.delivery
	artefact := a.artefact
	for _, id := range []*string{&artefact.OrgID, &version.OrgID, &rule.OrgID, &push.OrgID, &hook.OrgID, &delivery.OrgID} {
		*id = org
	}
	return map[string]func() error{
		"GetArtefact":             func() error { return drop(s.GetArtefact(ctx, org, "art")) },
		"FindArtefact":            func() error { return drop(s.FindArtefact(ctx, org, artefact.Type, artefact.Name)) },
		"UpdateArtefact":          func() error { return s.UpdateArtefact(ctx, &artefact) },
		"DeleteArtefact":          func() error { return s.DeleteArtefact(ctx, org, "art") },
		"CreateArtefactVersion":   func() error { v := version; v.ID = unique("v"); return s.CreateArtefactVersion(ctx, &v) },
		"GetArtefactVersion":      func() error { return drop(s.GetArtefactVersion(ctx, org, "ver")) },
		"FindArtefactVersion":     func() error { return drop(s.FindArtefactVersion(ctx, org, "art", "f")) },
		"UpdateArtefactVersion":   func() error { return s.UpdateArtefactVersion(ctx, &version) },
		"CreateAutomationRule":    func() error { r := rule; return s.CreateAutomationRule(ctx, &r) },
		"GetAutomationRule":       func() error { return drop(s.GetAutomationRule(ctx, ref, "rule")) },
		"UpdateAutomationRule":    func() error { return s.UpdateAutomationRule(ctx, &rule) },
		"DeleteAutomationRule":    func() error { return s.DeleteAutomationRule(ctx, ref, "rule") },
		"CreatePushes":            func() error { return s.CreatePushes(ctx, []orchestrator.Push{push}) },
		"UpdatePush":              func() error { return s.UpdatePush(ctx, &push) },
		"CreateWebhook":           func() error { h := hook; return s.CreateWebhook(ctx, &h) },
		"GetWebhook":              func() error { return drop(s.GetWebhook(ctx, org, "shop", "hook")) },
		"UpdateWebhook":           func() error { return s.UpdateWebhook(ctx, &hook) },
		"DeleteWebhook":           func() error { return s.DeleteWebhook(ctx, org, "shop", "hook") },
		"CreateWebhookDeliveries": func() error { return s.CreateWebhookDeliveries(ctx, []orchestrator.WebhookDelivery{delivery}) },
		"GetWebhookDelivery":      func() error { return drop(s.GetWebhookDelivery(ctx, org, "del")) },
		"UpdateWebhookDelivery":   func() error { return s.UpdateWebhookDelivery(ctx, &delivery) },
	}
}

func emptyAutomated(s orchestrator.Store, org string) map[string]func() (int, error) {
	ref := orchestrator.EnvRef{OrgID: org, AppID: "shop", EnvID: "qa"}
	return map[string]func() (int, error){
		"ListArtefacts": count(func() ([]orchestrator.Artefact, error) { return s.ListArtefacts(ctx, org, "", "") }),
		"ListArtefactVersions": count(func() ([]orchestrator.ArtefactVersion, error) {
			return s.ListArtefactVersions(ctx, org, orchestrator.ArtefactVersionFilter{Archived: true})
		}),
		"ListAutomationRules":   count(func() ([]orchestrator.AutomationRule, error) { return s.ListAutomationRules(ctx, ref) }),
		"ActiveAutomationRules": count(func() ([]orchestrator.AutomationRule, error) { return s.ActiveAutomationRules(ctx, org) }),
		"ListPushes":            count(func() ([]orchestrator.Push, error) { return s.ListPushes(ctx, ref, 0) }),
		"PendingPushes":         count(func() ([]orchestrator.Push, error) { return s.PendingPushes(ctx, ref) }),
		"DeletePushes":          func() (int, error) { return 0, s.DeletePushes(ctx, ref, time.Now()) },
		"ListWebhooks":          count(func() ([]orchestrator.Webhook, error) { return s.ListWebhooks(ctx, org, "shop") }),
		"ListWebhookDeliveries": count(func() ([]orchestrator.WebhookDelivery, error) { return s.ListWebhookDeliveries(ctx, org, "hook", 0) }),
		"WaitingDeliveries":     count(func() ([]orchestrator.WebhookDelivery, error) { return s.WaitingDeliveries(ctx, org, "shop", 10) }),
		"DeleteWebhookDeliveries": func() (int, error) {
			return 0, s.DeleteWebhookDeliveries(ctx, org, "hook", time.Now())
		},
	}
}

// automatedOf reads everything of an organization.
func automatedOf(s orchestrator.Store, w *world) []func() (any, error) {
	return []func() (any, error){
		func() (any, error) { return s.ListArtefacts(ctx, w.org, "", "") },
		func() (any, error) {
			return s.ListArtefactVersions(ctx, w.org, orchestrator.ArtefactVersionFilter{Archived: true})
		},
		func() (any, error) { return s.ListAutomationRules(ctx, w.env) },
		func() (any, error) { return s.ListPushes(ctx, w.env, 0) },
		func() (any, error) { return s.ListWebhooks(ctx, w.org, "shop") },
		func() (any, error) { return s.ListWebhookDeliveries(ctx, w.org, "hook", 0) },
	}
}
