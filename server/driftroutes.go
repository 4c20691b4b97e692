package server

import (
	"net/http"
	"time"

	"github.com/slipway-dev/slipway/engine/objectdiff"
	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/orchestrator"
)

// driftRoutes are the operations of drift and differences.
func driftRoutes() []Route {
	const drift = envPath + "/drift"
	return tagged("Drift", []Route{
		answer(Route{Method: "GET", Path: envPath + "/diff", OperationID: "getLiveDiff",
			Summary: "See what delivering a deployment again would change in the cluster; nothing is changed",
			Query:   []Query{{Name: "deployment", Type: "string", Doc: "Id of the deployment; default is the one that was delivered last"}}}, getLiveDiff),
		answer(Route{Method: "GET", Path: envPath + "/deploys/{deployId}/diff", OperationID: "getDeploymentDiff",
			Summary: "See which objects a deployment changed",
			Query:   []Query{{Name: "from", Type: "string", Doc: "Id of the deployment to compare from; default is the one before"}}}, getDeploymentDiff),
		answer(Route{Method: "GET", Path: drift, OperationID: "listDriftScans", Summary: "List the newest 50 scans for drift, newest first"}, listDriftScans),
		answer(Route{Method: "POST", Path: drift, OperationID: "createDriftScan", Status: http.StatusCreated,
			Summary: "Scan an Environment for drift now; one that runs is answered instead"}, createDriftScan),
		answer(Route{Method: "GET", Path: drift + "/scans/{scanId}", OperationID: "getDriftScan", Summary: "Get a scan for drift"}, getDriftScan),
		answer(Route{Method: "GET", Path: drift + "/settings", OperationID: "getDriftSettings",
			Summary: "See how an Environment is looked at for drift"}, getDriftSettings),
		accept(Route{Method: "PUT", Path: drift + "/settings", OperationID: "setDriftSettings",
			Summary: "Say how an Environment is looked at for drift"}, setDriftSettings),
		answer(Route{Method: "GET", Path: orgPath + "/drift/ignored", OperationID: "getOrganizationDriftIgnores",
			Summary: "See what scans for drift ignore in all Environments of an organization"}, getDriftIgnores),
		accept(Route{Method: "PUT", Path: orgPath + "/drift/ignored", OperationID: "setOrganizationDriftIgnores",
			Summary: "Say what scans for drift ignore in all Environments of an organization"}, setDriftIgnores),
		answer(Route{Method: "GET", Path: appPath + "/drift/ignored", OperationID: "getApplicationDriftIgnores",
			Summary: "See what scans for drift ignore in all Environments of an Application"}, getDriftIgnores),
		accept(Route{Method: "PUT", Path: appPath + "/drift/ignored", OperationID: "setApplicationDriftIgnores",
			Summary: "Say what scans for drift ignore in all Environments of an Application"}, setDriftIgnores),
	})
}

func getLiveDiff(c *Call) (api.DeploymentDiff, error) {
	return as(wireDeploymentDiff)(c.Service.DiffLive(c.Context(), c.Env(), c.Query("deployment")))
}

func getDeploymentDiff(c *Call) (api.DeploymentDiff, error) {
	return as(wireDeploymentDiff)(c.Service.DiffDeployments(c.Context(), c.Env(), c.Query("from"), c.Param("deployId")))
}

func listDriftScans(c *Call) ([]api.DriftScan, error) {
	return asList(wireDriftScan)(c.Service.ListDriftScans(c.Context(), c.Env()))
}

func createDriftScan(c *Call) (api.DriftScan, error) {
	return as(wireDriftScan)(c.Service.RequestDriftScan(c.Context(), c.Env()))
}

func getDriftScan(c *Call) (api.DriftScan, error) {
	return as(wireDriftScan)(c.Service.GetDriftScan(c.Context(), c.Env(), c.Param("scanId")))
}

func getDriftSettings(c *Call) (api.DriftSettings, error) {
	return as(wireDriftSettings)(c.Service.GetDriftSettings(c.Context(), c.Env()))
}

func setDriftSettings(c *Call, in api.DriftSettings) (api.DriftSettings, error) {
	req := orchestrator.DriftSettingsRequest{Enabled: in.Enabled, Redeploy: in.Redeploy}
	if in.Every != "" {
		every, err := time.ParseDuration(in.Every)
		if err != nil {
			return api.DriftSettings{}, orchestrator.Invalidf("every: expected a duration such as 24h, got %q", in.Every)
		}
		req.Every = every
	}
	req.Ignore = ignoredFields(in.Ignore)
	return as(wireDriftSettings)(c.Service.SetDriftSettings(c.Context(), c.Env(), req))
}

// getDriftIgnores is of the organization where the path names no application.
func getDriftIgnores(c *Call) (api.DriftIgnores, error) {
	return as(wireDriftIgnores)(c.Service.GetDriftIgnores(c.Context(), c.Org(), c.App()))
}

func setDriftIgnores(c *Call, in api.DriftIgnores) (api.DriftIgnores, error) {
	return as(wireDriftIgnores)(c.Service.SetDriftIgnores(c.Context(), c.Org(), c.App(), ignoredFields(in.Ignore)))
}

func ignoredFields(in []api.IgnoredField) []orchestrator.IgnoredField {
	var out []orchestrator.IgnoredField
	for _, f := range in {
		out = append(out, orchestrator.IgnoredField(f))
	}
	return out
}

func wireDriftIgnores(v orchestrator.DriftIgnoresView) api.DriftIgnores {
	return api.DriftIgnores{Ignore: wireIgnored(v.Ignore), Inherited: wireInherited(v.Inherited)}
}

func wireIgnored(fields []orchestrator.IgnoredField) []api.IgnoredField {
	return convert(fields, func(f orchestrator.IgnoredField) api.IgnoredField { return api.IgnoredField(f) })
}

func wireInherited(fields []orchestrator.InheritedField) []api.InheritedField {
	return convert(fields, func(f orchestrator.InheritedField) api.InheritedField {
		return api.InheritedField{Kind: f.Kind, Name: f.Name, Path: f.Path, From: f.From}
	})
}

func wireDeploymentDiff(d orchestrator.ObjectsDiff) api.DeploymentDiff {
	out := api.DeploymentDiff{FromID: d.FromID, ToID: d.ToID, Objects: []api.ObjectDiff{}}
	for _, o := range d.Objects {
		out.Objects = append(out.Objects, wireComparison(o))
	}
	return out
}

func wireComparison(o orchestrator.ObjectComparison) api.ObjectDiff {
	return api.ObjectDiff{
		Source: "kubernetes", From: o.From, APIVersion: o.APIVersion, Kind: o.Kind, Namespace: o.Namespace, Name: o.Name,
		State: o.State, Message: o.Message, Changes: convert(o.Changes, wireFieldChange),
	}
}

func wireFieldChange(c objectdiff.Change) api.FieldChange { return api.FieldChange(c) }

func wireDriftScan(s orchestrator.DriftScan) api.DriftScan {
	out := api.DriftScan{
		ID: s.ID, EnvID: s.EnvID, Cause: s.Cause, Status: string(s.Status), Message: s.Message, DeployID: s.BaseID, RedeployID: s.RedeployID,
		Checked: s.Checked, Drifted: s.Drifted, Results: []api.ObjectDiff{},
		CreatedAt: api.NewTime(s.CreatedAt), CreatedBy: s.CreatedBy, FinishedAt: api.NewTimePtr(s.FinishedAt),
	}
	for _, r := range s.Results {
		out.Results = append(out.Results, api.ObjectDiff{
			Source: r.Source, From: r.From, APIVersion: r.APIVersion, Kind: r.Kind, Namespace: r.Namespace, Name: r.Name,
			State: r.State, Message: r.Message, Changes: convert(r.Changes, wireFieldChange),
		})
	}
	return out
}

func wireDriftSettings(s orchestrator.DriftSettingsView) api.DriftSettings {
	return api.DriftSettings{
		Enabled: s.Enabled, Every: s.Every.String(), Redeploy: s.Redeploy, Ignore: wireIgnored(s.Ignore), Inherited: wireInherited(s.Inherited),
	}
}
