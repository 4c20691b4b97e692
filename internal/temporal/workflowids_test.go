package temporal_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/slipway-dev/slipway/orchestrator"
	"github.com/slipway-dev/slipway/workflows"
)

// TestWorkflowIDs: the API names the workflows that there are.
func TestWorkflowIDs(t *testing.T) {
	t.Parallel()
	require.Equal(t, workflows.WorkflowID(workflows.Item{Kind: workflows.KindDeployment, ID: "d"}), orchestrator.Deployment{ID: "d"}.WorkflowID())
	require.Equal(t, workflows.PromotionWorkflowID(workflows.Promotion{Org: "o", App: "a", ID: "p"}), orchestrator.Promotion{OrgID: "o", AppID: "a", ID: "p"}.WorkflowID())
	require.Equal(t, workflows.SpinUpWorkflowID(workflows.SpinUp{Org: "o", App: "a", ID: "u"}), orchestrator.SpinUp{OrgID: "o", AppID: "a", ID: "u"}.WorkflowID())
	require.Equal(t, workflows.PipelineWorkflowID(workflows.PipelineRun{Org: "o", ID: "r"}), orchestrator.PipelineRun{OrgID: "o", ID: "r"}.WorkflowID())
}
