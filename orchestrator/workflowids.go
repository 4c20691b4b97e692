package orchestrator

// Names of the workflows that carry things out, as package workflows has them,
// which the domain may not import; a test of internal/temporal compares them.

// WorkflowID names the workflow of a deployment. There is none before it leaves
// its environment's queue.
func (d Deployment) WorkflowID() string { return "deploy:" + d.ID }

// WorkflowID names the workflow that follows a promotion.
func (p Promotion) WorkflowID() string { return "promotion:" + p.OrgID + "/" + p.ID }

// WorkflowID names the workflow that follows a request for an environment.
func (u SpinUp) WorkflowID() string { return "spinup:" + u.OrgID + "/" + u.AppID + "/" + u.ID }

// WorkflowID names the workflow of a run of a pipeline.
func (r PipelineRun) WorkflowID() string { return "pipeline:" + r.OrgID + "/" + r.ID }
