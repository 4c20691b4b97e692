package cli_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/internal/api"
)

// waiting is the only deployment that waits for people.
func (w *world) waiting() api.DeploymentApproval {
	w.t.Helper()
	var list []api.DeploymentApproval
	require.Eventually(w.t, func() bool {
		w.run("approvals", "list", "-o", "json").into(w.t, &list)
		return len(list) == 1
	}, waitLong, waitStep)
	return list[0]
}

func TestPoliciesAndApprovals(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.deployHello("nginx:1")
	w.file("policies.yaml", `id: ask
when: env.type == "development"
effect: approve
deadline: 4h
message: please look
---
id: never
when: plan.workloads.removed.size() > 10
effect: deny
`)
	w.run("policies", "apply", "-f", "policies.yaml").ok(t, "policy ask is as in the file", "policy never is as in the file")
	w.run("policies", "list").ok(t, "ask", "4h0m0s", "please look", "never")
	w.run("policies", "get", "ask").ok(t, `env.type == "development"`, "approve")
	w.file("bad.yaml", "id: bad\nwhen: plan.x\neffect: deny\n")
	w.run("policies", "apply", "-f", "bad.yaml").fails(t, 1, "policy bad", "1:5")
	w.file("odd.yaml", "id: odd\nif: true\n")
	w.run("policies", "apply", "-f", "odd.yaml").fails(t, 1, "odd.yaml, document 1", "if")
	w.run("policies", "apply").fails(t, 2, "-f")

	w.env["SLIPWAY_ENV"] = "development"
	w.run("policies", "test", "--app", "shop").ok(t, "people have to agree first", "policy ask: 1 approval: please look")
	w.file("draft.yaml", "id: draft\nwhen: \"true\"\neffect: deny\nmessage: not at all\n")
	w.run("policies", "test", "--app", "shop", "-f", "draft.yaml", "--exit-code").fails(t, 8, "denied by policy draft: not at all")
	w.run("deploy", "again", "--plan", "--app", "shop").ok(t, "policies: people have to agree first", "policy ask: 1 approval: please look")

	done := make(chan result, 1)
	go func() { done <- w.run("deploy", "again", "--wait", "--app", "shop") }()
	d := w.waiting()
	w.run("approvals", "list", "--mine").ok(t, d.DeploymentID, "shop", "1 approval (policy ask: please look)")
	w.run("attention").ok(t, "Waits for people:", "approval", "shop/development", "waiting, yours to decide", d.DeploymentID)
	w.run("attention", "--limit", "0").fails(t, 2, "--limit is 1 to 200")
	w.run("describe", "deploy", d.DeploymentID, "--app", "shop").ok(t, "waits for:", "policy ask: please look", "slipway approve "+d.DeploymentID)
	w.run("approve", d.DeploymentID, "--planned", "p1.other").fails(t, 1, "another plan")
	w.run("approve", d.DeploymentID, "-m", "looks good").ok(t, "passed: approved by")
	(<-done).ok(t, "approval waiting waiting for 1 approval (policy ask: please look); until ", "succeeded")
	w.run("attention").ok(t, "nothing needs attention, and nothing is being deployed", "not known: whether schedules failed")
	w.run("approvals", "get", d.DeploymentID, "--app", "shop").ok(t, "the whole plan: passed", "policy ask: 1 of 1 agreed: please look", "looks good")
	w.run("approve", d.DeploymentID).fails(t, 1, "no deployment "+d.DeploymentID+" waits")

	go func() { done <- w.run("deploy", "again", "--wait", "--app", "shop") }()
	d = w.waiting()
	w.run("reject", d.DeploymentID, "-m", "not today").ok(t, "rejected by", "not today")
	(<-done).fails(t, 3, "rejected by")
	w.run("policies", "delete", "ask").ok(t, "policy ask deleted")
	w.run("policies", "get", "ask").fails(t, 1, "does not exist")
}
