package policy

// Input is what conditions see. Lists that are nil are empty lists to them.
type Input struct {
	Plan     Plan
	Env      Environment
	Proposer Proposer
}

// Plan is what a deployment would do: variable plan.
type Plan struct {
	Created   []Resource `cel:"created"`   // made for the first time
	Changed   []Resource `cel:"changed"`   // the driver is called with something else, or another one takes it over in place
	Replaced  []Resource `cel:"replaced"`  // another definition or driver makes a new one; the new side
	Destroyed []Resource `cel:"destroyed"` // what is destroyed once the deployment succeeded; the old side of what is replaced is in it
	Removed   []Resource `cel:"removed"`   // nothing asks for it any more; it stays until it is deleted
	Workloads Workloads  `cel:"workloads"`
	Values    []string   `cel:"values"` // keys of Shared Values that differ from those of the last deployment
}

// Workloads are ids of workloads by what becomes of them: variable plan.workloads.
type Workloads struct {
	Added   []string `cel:"added"`
	Changed []string `cel:"changed"`
	Removed []string `cel:"removed"`
}

// Resource is one resource of the plan.
type Resource struct {
	Type   string `cel:"type"`
	Class  string `cel:"class"`
	ID     string `cel:"id"`
	Def    string `cel:"def"`    // definition that makes it, or has made it; "" = none
	Driver string `cel:"driver"` // driver type of that definition; "" = none
}

// Environment is where the deployment goes: variable env.
type Environment struct {
	ID   string `cel:"id"`
	Type string `cel:"type"`
	App  string `cel:"app"`
	Org  string `cel:"org"`
}

// Proposer is who asks for the deployment: variable proposer.
type Proposer struct {
	ID string `cel:"id"`
}
