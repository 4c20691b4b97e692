package storetest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/orchestrator"
)

// assets are one of everything that AssetStore keeps.
type assets struct {
	store    orchestrator.SecretStore
	account  orchestrator.ResourceAccount
	registry orchestrator.Registry
	agent    orchestrator.Agent
	key      orchestrator.AgentKey
	public   orchestrator.PublicKey
	chart    orchestrator.WorkloadProfileChart
	profile  orchestrator.WorkloadProfile
	version  orchestrator.WorkloadProfileVersion
	template orchestrator.WorkloadTemplate
}

func newAssets(t *testing.T, s orchestrator.Store, org string) assets {
	t.Helper()
	a := assets{
		store:    orchestrator.SecretStore{OrgID: org, ID: "vault", Kind: orchestrator.StoreVault, Primary: true},
		account:  orchestrator.ResourceAccount{OrgID: org, ID: "cloud", Type: "aws"},
		registry: orchestrator.Registry{OrgID: org, ID: "images", Registry: "registry.test"},
		agent:    orchestrator.Agent{OrgID: org, ID: "tunnel"},
		key:      orchestrator.AgentKey{OrgID: org, AgentID: "tunnel", Fingerprint: "f1"},
		public:   orchestrator.PublicKey{OrgID: org, ID: "k1", Fingerprint: "f2"},
		chart:    orchestrator.WorkloadProfileChart{OrgID: org, ID: "web", ChartVersion: "1.0.0", Archive: []byte{1}},
		profile:  orchestrator.WorkloadProfile{OrgID: org, ID: "web", Latest: "v1"},
		version:  orchestrator.WorkloadProfileVersion{OrgID: org, ProfileID: "web", ID: "v1"},
		template: orchestrator.WorkloadTemplate{OrgID: org, ID: "service"},
	}
	require.NoError(t, s.CreateSecretStore(ctx, &a.store))
	require.NoError(t, s.CreateResourceAccount(ctx, &a.account))
	require.NoError(t, s.CreateRegistry(ctx, &a.registry))
	require.NoError(t, s.CreateAgent(ctx, &a.agent))
	require.NoError(t, s.CreateAgentKey(ctx, &a.key))
	require.NoError(t, s.CreatePublicKey(ctx, &a.public))
	require.NoError(t, s.CreateWorkloadProfileChart(ctx, &a.chart))
	require.NoError(t, s.CreateWorkloadProfile(ctx, &a.profile))
	require.NoError(t, s.CreateWorkloadProfileVersion(ctx, &a.version))
	require.NoError(t, s.CreateWorkloadTemplate(ctx, &a.template))
	return a
}

// ownAssets are methods of AssetStore that isolation does not concern.
var ownAssets = map[string]string{
	"CreateSecretStore": "own ids", "CreateResourceAccount": "own ids", "CreateRegistry": "own ids", "CreateAgent": "own ids",
	"CreatePublicKey": "own ids", "CreateWorkloadProfileChart": "own ids", "CreateWorkloadProfile": "own ids", "CreateWorkloadTemplate": "own ids",
}

func missingAssets(s orchestrator.Store, a assets, org string) map[string]func() error {
	return map[string]func() error{
		"GetSecretStore":               func() error { return drop(s.GetSecretStore(ctx, org, a.store.ID)) },
		"UpdateSecretStore":            func() error { return s.UpdateSecretStore(ctx, as(org, a.store)) },
		"DeleteSecretStore":            func() error { return s.DeleteSecretStore(ctx, org, a.store.ID) },
		"GetResourceAccount":           func() error { return drop(s.GetResourceAccount(ctx, org, a.account.ID)) },
		"UpdateResourceAccount":        func() error { return s.UpdateResourceAccount(ctx, as(org, a.account)) },
		"DeleteResourceAccount":        func() error { return s.DeleteResourceAccount(ctx, org, a.account.ID) },
		"GetRegistry":                  func() error { return drop(s.GetRegistry(ctx, org, a.registry.ID)) },
		"UpdateRegistry":               func() error { return s.UpdateRegistry(ctx, as(org, a.registry)) },
		"DeleteRegistry":               func() error { return s.DeleteRegistry(ctx, org, a.registry.ID) },
		"GetAgent":                     func() error { return drop(s.GetAgent(ctx, org, a.agent.ID)) },
		"UpdateAgent":                  func() error { return s.UpdateAgent(ctx, as(org, a.agent)) },
		"DeleteAgent":                  func() error { return s.DeleteAgent(ctx, org, a.agent.ID) },
		"CreateAgentKey":               func() error { return s.CreateAgentKey(ctx, as(org, a.key)) },
		"DeleteAgentKey":               func() error { return s.DeleteAgentKey(ctx, org, a.agent.ID, a.key.Fingerprint) },
		"GetPublicKey":                 func() error { return drop(s.GetPublicKey(ctx, org, a.public.ID)) },
		"DeletePublicKey":              func() error { return s.DeletePublicKey(ctx, org, a.public.ID) },
		"GetWorkloadProfileChart":      func() error { return drop(s.GetWorkloadProfileChart(ctx, org, a.chart.ID, a.chart.ChartVersion)) },
		"GetWorkloadProfile":           func() error { return drop(s.GetWorkloadProfile(ctx, org, a.profile.ID)) },
		"UpdateWorkloadProfile":        func() error { return s.UpdateWorkloadProfile(ctx, as(org, a.profile)) },
		"DeleteWorkloadProfile":        func() error { return s.DeleteWorkloadProfile(ctx, org, a.profile.ID) },
		"CreateWorkloadProfileVersion": func() error { return s.CreateWorkloadProfileVersion(ctx, as(org, a.version)) },
		"GetWorkloadProfileVersion":    func() error { return drop(s.GetWorkloadProfileVersion(ctx, org, a.profile.ID, a.version.ID)) },
		"GetWorkloadTemplate":          func() error { return drop(s.GetWorkloadTemplate(ctx, org, a.template.ID)) },
		"UpdateWorkloadTemplate":       func() error { return s.UpdateWorkloadTemplate(ctx, as(org, a.template)) },
		"DeleteWorkloadTemplate":       func() error { return s.DeleteWorkloadTemplate(ctx, org, a.template.ID) },
	}
}

func emptyAssets(s orchestrator.Store, a assets, org string) map[string]func() (int, error) {
	return map[string]func() (int, error){
		"ListSecretStores":          count(func() ([]orchestrator.SecretStore, error) { return s.ListSecretStores(ctx, org) }),
		"ListResourceAccounts":      count(func() ([]orchestrator.ResourceAccount, error) { return s.ListResourceAccounts(ctx, org) }),
		"AccountUses":               count(func() ([]orchestrator.ActiveResource, error) { return s.AccountUses(ctx, org, "") }),
		"ListRegistries":            count(func() ([]orchestrator.Registry, error) { return s.ListRegistries(ctx, org) }),
		"ListAgents":                count(func() ([]orchestrator.Agent, error) { return s.ListAgents(ctx, org) }),
		"ListAgentKeys":             count(func() ([]orchestrator.AgentKey, error) { return s.ListAgentKeys(ctx, org, a.agent.ID) }),
		"ListPublicKeys":            count(func() ([]orchestrator.PublicKey, error) { return s.ListPublicKeys(ctx, org) }),
		"ListWorkloadProfileCharts": count(func() ([]orchestrator.WorkloadProfileChart, error) { return s.ListWorkloadProfileCharts(ctx, org) }),
		"ListWorkloadProfiles":      count(func() ([]orchestrator.WorkloadProfile, error) { return s.ListWorkloadProfiles(ctx, org) }),
		"ListWorkloadProfileVersions": count(func() ([]orchestrator.WorkloadProfileVersion, error) {
			return s.ListWorkloadProfileVersions(ctx, org, a.profile.ID)
		}),
		"ListWorkloadTemplates": count(func() ([]orchestrator.WorkloadTemplate, error) { return s.ListWorkloadTemplates(ctx, org) }),
	}
}

// assetLists read everything of an organization.
func assetLists(s orchestrator.Store, org string) []func() (any, error) {
	return []func() (any, error){
		func() (any, error) { return s.ListSecretStores(ctx, org) },
		func() (any, error) { return s.ListResourceAccounts(ctx, org) },
		func() (any, error) { return s.ListRegistries(ctx, org) },
		func() (any, error) { return s.ListAgents(ctx, org) },
		func() (any, error) { return s.ListAgentKeys(ctx, org, "") },
		func() (any, error) { return s.ListPublicKeys(ctx, org) },
		func() (any, error) { return s.ListWorkloadProfileCharts(ctx, org) },
		func() (any, error) { return s.ListWorkloadProfiles(ctx, org) },
		func() (any, error) { return s.ListWorkloadProfileVersions(ctx, org, "web") },
		func() (any, error) { return s.ListWorkloadTemplates(ctx, org) },
	}
}

func testAssets(t *testing.T, s orchestrator.Store) {
	newBase(t, s, "acme")
	roundTripStores(t, s)
	roundTripAgents(t, s)
	roundTripProfiles(t, s)
	t.Run("what must be unique", func(t *testing.T) {
		a := newAssets(t, s, "acme")
		conflicts := map[string]func() error{
			"a second primary store": func() error {
				return s.CreateSecretStore(ctx, &orchestrator.SecretStore{OrgID: "acme", ID: "other", Primary: true})
			},
			"a registry under another id": func() error {
				return s.CreateRegistry(ctx, &orchestrator.Registry{OrgID: "acme", ID: "other", Registry: a.registry.Registry})
			},
			"a public key under another id": func() error {
				return s.CreatePublicKey(ctx, &orchestrator.PublicKey{OrgID: "acme", ID: "other", Fingerprint: a.public.Fingerprint})
			},
		}
		for name, create := range conflicts {
			require.True(t, orchestrator.IsConflict(create()), name)
		}
	})
	t.Run("order and extent", func(t *testing.T) {
		require.NoError(t, s.CreateWorkloadProfileChart(ctx, &orchestrator.WorkloadProfileChart{
			OrgID: "acme", ID: "web", ChartVersion: "2.0.0", Archive: []byte{2}, CreatedAt: epoch.Add(time.Hour * 24 * 365 * 100),
		}))
		charts, err := s.ListWorkloadProfileCharts(ctx, "acme")
		require.NoError(t, err)
		require.Equal(t, "2.0.0", charts[0].ChartVersion)
		require.Nil(t, charts[0].Archive)
		require.NoError(t, s.DeleteAgent(ctx, "acme", "tunnel"))
		keys, err := s.ListAgentKeys(ctx, "acme", "tunnel")
		require.NoError(t, err)
		require.Empty(t, keys, "the keys of an agent go with it")
		require.NoError(t, s.DeleteWorkloadProfile(ctx, "acme", "web"))
		versions, err := s.ListWorkloadProfileVersions(ctx, "acme", "web")
		require.NoError(t, err)
		require.Empty(t, versions)
	})
}

func roundTripStores(t *testing.T, s orchestrator.Store) {
	t.Run("secret store", func(t *testing.T) {
		check(t, aggregate[orchestrator.SecretStore]{
			place: func(v *orchestrator.SecretStore) { v.OrgID, v.ID, v.Version = "acme", "other", 1 },
			keep: func(from, to *orchestrator.SecretStore) {
				to.CreatedAt, to.CreatedBy, to.Version = from.CreatedAt, from.CreatedBy, from.Version
			},
			create: func(v *orchestrator.SecretStore) error { return s.CreateSecretStore(ctx, v) },
			read:   func() (*orchestrator.SecretStore, error) { return s.GetSecretStore(ctx, "acme", "other") },
			update: func(v *orchestrator.SecretStore) error { return s.UpdateSecretStore(ctx, v) },
		})
		require.NoError(t, s.DeleteSecretStore(ctx, "acme", "other"))
	})
	t.Run("resource account", func(t *testing.T) {
		check(t, aggregate[orchestrator.ResourceAccount]{
			place: func(v *orchestrator.ResourceAccount) { v.OrgID, v.ID = "acme", "other" },
			keep: func(from, to *orchestrator.ResourceAccount) {
				to.CreatedAt, to.CreatedBy, to.Version = from.CreatedAt, from.CreatedBy, from.Version
			},
			create: func(v *orchestrator.ResourceAccount) error { return s.CreateResourceAccount(ctx, v) },
			read:   func() (*orchestrator.ResourceAccount, error) { return s.GetResourceAccount(ctx, "acme", "other") },
			update: func(v *orchestrator.ResourceAccount) error { return s.UpdateResourceAccount(ctx, v) },
		})
	})
	t.Run("registry", func(t *testing.T) {
		check(t, aggregate[orchestrator.Registry]{
			place: func(v *orchestrator.Registry) { v.OrgID, v.ID = "acme", "other" },
			keep: func(from, to *orchestrator.Registry) {
				to.CreatedAt, to.CreatedBy, to.Version = from.CreatedAt, from.CreatedBy, from.Version
			},
			create: func(v *orchestrator.Registry) error { return s.CreateRegistry(ctx, v) },
			read:   func() (*orchestrator.Registry, error) { return s.GetRegistry(ctx, "acme", "other") },
			update: func(v *orchestrator.Registry) error { return s.UpdateRegistry(ctx, v) },
		})
	})
}

func roundTripAgents(t *testing.T, s orchestrator.Store) {
	t.Run("agent", func(t *testing.T) {
		check(t, aggregate[orchestrator.Agent]{
			place: func(v *orchestrator.Agent) { v.OrgID, v.ID = "acme", "other" },
			keep: func(from, to *orchestrator.Agent) {
				to.CreatedAt, to.CreatedBy, to.Version = from.CreatedAt, from.CreatedBy, from.Version
			},
			create: func(v *orchestrator.Agent) error { return s.CreateAgent(ctx, v) },
			read:   func() (*orchestrator.Agent, error) { return s.GetAgent(ctx, "acme", "other") },
			update: func(v *orchestrator.Agent) error { return s.UpdateAgent(ctx, v) },
		})
	})
	t.Run("agent key", func(t *testing.T) {
		check(t, aggregate[orchestrator.AgentKey]{
			place:  func(v *orchestrator.AgentKey) { v.OrgID, v.AgentID = "acme", "other" },
			create: func(v *orchestrator.AgentKey) error { return s.CreateAgentKey(ctx, v) },
			read: func() (*orchestrator.AgentKey, error) {
				keys, err := s.ListAgentKeys(ctx, "acme", "other")
				if err != nil {
					return nil, err
				}
				return &keys[0], nil
			},
		})
	})
	t.Run("public key", func(t *testing.T) {
		check(t, aggregate[orchestrator.PublicKey]{
			place:  func(v *orchestrator.PublicKey) { v.OrgID, v.ID = "acme", "other" },
			create: func(v *orchestrator.PublicKey) error { return s.CreatePublicKey(ctx, v) },
			read:   func() (*orchestrator.PublicKey, error) { return s.GetPublicKey(ctx, "acme", "other") },
		})
	})
}

func roundTripProfiles(t *testing.T, s orchestrator.Store) {
	t.Run("workload profile", func(t *testing.T) {
		check(t, aggregate[orchestrator.WorkloadProfile]{
			place: func(v *orchestrator.WorkloadProfile) { v.OrgID, v.ID = "acme", "other" },
			keep: func(from, to *orchestrator.WorkloadProfile) {
				to.CreatedAt, to.CreatedBy, to.Version = from.CreatedAt, from.CreatedBy, from.Version
			},
			create: func(v *orchestrator.WorkloadProfile) error { return s.CreateWorkloadProfile(ctx, v) },
			read:   func() (*orchestrator.WorkloadProfile, error) { return s.GetWorkloadProfile(ctx, "acme", "other") },
			update: func(v *orchestrator.WorkloadProfile) error { return s.UpdateWorkloadProfile(ctx, v) },
		})
	})
	t.Run("workload profile version", func(t *testing.T) {
		check(t, aggregate[orchestrator.WorkloadProfileVersion]{
			place:  func(v *orchestrator.WorkloadProfileVersion) { v.OrgID, v.ProfileID, v.ID = "acme", "other", "v1" },
			create: func(v *orchestrator.WorkloadProfileVersion) error { return s.CreateWorkloadProfileVersion(ctx, v) },
			read: func() (*orchestrator.WorkloadProfileVersion, error) {
				return s.GetWorkloadProfileVersion(ctx, "acme", "other", "v1")
			},
		})
	})
	t.Run("chart", func(t *testing.T) {
		check(t, aggregate[orchestrator.WorkloadProfileChart]{
			place:  func(v *orchestrator.WorkloadProfileChart) { v.OrgID, v.ID, v.ChartVersion = "acme", "other", "1.2.3" },
			create: func(v *orchestrator.WorkloadProfileChart) error { return s.CreateWorkloadProfileChart(ctx, v) },
			read: func() (*orchestrator.WorkloadProfileChart, error) {
				return s.GetWorkloadProfileChart(ctx, "acme", "other", "1.2.3")
			},
		})
	})
	t.Run("workload template", func(t *testing.T) {
		check(t, aggregate[orchestrator.WorkloadTemplate]{
			place: func(v *orchestrator.WorkloadTemplate) { v.OrgID, v.ID = "acme", "other" },
			keep: func(from, to *orchestrator.WorkloadTemplate) {
				to.CreatedAt, to.CreatedBy, to.Version = from.CreatedAt, from.CreatedBy, from.Version
			},
			create: func(v *orchestrator.WorkloadTemplate) error { return s.CreateWorkloadTemplate(ctx, v) },
			read:   func() (*orchestrator.WorkloadTemplate, error) { return s.GetWorkloadTemplate(ctx, "acme", "other") },
			update: func(v *orchestrator.WorkloadTemplate) error { return s.UpdateWorkloadTemplate(ctx, v) },
		})
	})
}
