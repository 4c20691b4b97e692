package cli_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/drivers"
	"github.com/slipway-dev/slipway/internal/api"
	"github.com/slipway-dev/slipway/internal/runner/record"
)

// planned notes what a run of Terraform is about to do for a resource of a deployment, as a runner does.
func (w *world) planned(deployment, node, run string, c record.Changes) {
	w.t.Helper()
	ctx, at := context.Background(), time.Now()
	r := &record.Run{OrgID: testOrg, ID: run, GUResID: "g-" + run, DeploymentID: deployment, Node: node, Action: "provision", Fingerprint: run, Spec: []byte{0}, CreatedAt: at}
	require.NoError(w.t, w.store.CreateRun(ctx, r))
	r.Host, r.Boot, r.WorkDir = "host", "boot", "/work"
	taken, err := w.store.AcquireRun(ctx, r, "runner", at, at, at.Add(time.Minute))
	require.NoError(w.t, err)
	require.True(w.t, taken)
	require.NoError(w.t, w.store.PutChanges(ctx, r, &c))
}

func TestChanges(t *testing.T) {
	t.Parallel()
	w := newShop(t)
	var first []api.Deployment
	w.run("get", "deployments", "-o", "json").into(t, &first)
	require.Len(t, first, 1)
	id := first[0].ID

	w.run("changes").ok(t, "no driver that plans has begun in deployment "+id)
	var none []api.NodeChanges
	w.run("changes", id, "-o", "json").into(t, &none)
	require.NotNil(t, none, "an empty list is a list")
	require.Empty(t, none)
	w.run("changes", "0123456789abcdef").fails(t, 1, "0123456789abcdef")

	at := time.Date(2026, 11, 22, 10, 25, 6, 0, time.UTC)
	w.planned(id, "postgres.default#shared.shop-db", "run-1", record.Changes{
		At: at, Summary: "Plan: 1 to add, 1 to change, 1 to destroy.", Counts: map[string]int{"create": 2, "update": 1, "delete": 1},
		First: []drivers.Change{
			{Action: "create", Address: "aws_db_instance.main", Kind: "aws_db_instance"},
			{Action: "update", Address: "aws_iam_user.app", Kind: "aws_iam_user", Attributes: []drivers.Attribute{{Path: "/tags/team"}, {Path: "/password", Sensitive: true}}},
			{Action: "delete", Address: "aws_s3_bucket.old", Kind: "aws_s3_bucket"},
		},
	})
	w.planned(id, "dns.default#shared.shop-dns", "run-2", record.Changes{At: at.Add(time.Minute), Counts: map[string]int{}, First: []drivers.Change{}})
	const table = `postgres.default#shared.shop-db: 1 to add, 1 to change, 1 to destroy.
  + aws_db_instance.main
  ~ aws_iam_user.app
      ~ /tags/team
      ~ /password (secret)
  - aws_s3_bucket.old
  and 1 more
`
	for _, args := range [][]string{{"changes"}, {"changes", "."}, {"changes", id}} {
		w.run(args...).ok(t, table, "dns.default#shared.shop-dns: no changes to objects\n")
	}
	var all []api.NodeChanges
	w.run("changes", id, "-o", "json").into(t, &all)
	require.Len(t, all, 2)
	require.Equal(t, api.NodeChanges{
		Node: "postgres.default#shared.shop-db", RunID: "run-1", At: api.NewTime(at), Summary: "Plan: 1 to add, 1 to change, 1 to destroy.",
		Counts: map[string]int{"create": 2, "update": 1, "delete": 1},
		Changes: []api.PlannedChange{
			{Action: "create", Address: "aws_db_instance.main", Kind: "aws_db_instance", Attributes: []api.PlannedAttribute{}},
			{Action: "update", Address: "aws_iam_user.app", Kind: "aws_iam_user", Attributes: []api.PlannedAttribute{{Path: "/tags/team"}, {Path: "/password", Sensitive: true}}},
			{Action: "delete", Address: "aws_s3_bucket.old", Kind: "aws_s3_bucket", Attributes: []api.PlannedAttribute{}},
		},
	}, all[0])
	require.Equal(t, "dns.default#shared.shop-dns", all[1].Node)
	require.Empty(t, all[1].Changes)

	w.env["SLIPWAY_ENV"] = "nowhere"
	w.run("changes", id).fails(t, 1, "nowhere")
}
