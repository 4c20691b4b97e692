package pipeline

import (
	"cmp"
	"slices"
)

// Types of deployments in criteria and requests. The published API spells the second one in two ways; both mean the same,
// see [SameDeploymentType].
const (
	DeploymentTypeDeploy   = "deploy"
	DeploymentTypeRedeploy = "redeploy"
	// DeploymentTypeRedeployHyphen is the other spelling.
	DeploymentTypeRedeployHyphen = "re-deploy"
)

// Any is what matches everything, as does leaving a field out.
const Any = "*"

// Criteria choose the pipeline of deployment requests. Fields that are empty or "*" match everything.
type Criteria struct {
	ID, PipelineID string
	// AppID is the application; empty in criteria of an application's own pipeline.
	AppID          string
	EnvType, EnvID string
	// DeploymentType is deploy, redeploy or re-deploy.
	DeploymentType string
}

// Request is a request to deploy.
type Request struct {
	AppID, EnvID, EnvType string
	// DeploymentType is redeploy for the repetition of a deployment, else deploy.
	DeploymentType string
}

// ValidDeploymentType tells whether a deployment type of criteria has a meaning.
func ValidDeploymentType(kind string) bool {
	return slices.Contains([]string{"", Any, DeploymentTypeDeploy, DeploymentTypeRedeploy, DeploymentTypeRedeployHyphen}, kind)
}

// SameDeploymentType compares deployment types without regard to how they are spelled.
func SameDeploymentType(a, b string) bool { return kindOfDeployment(a) == kindOfDeployment(b) }

func kindOfDeployment(s string) string {
	if s == DeploymentTypeRedeployHyphen {
		return DeploymentTypeRedeploy
	}
	return orAny(s)
}

func orAny(s string) string {
	if s == "" {
		return Any
	}
	return s
}

// Conflicts tells whether two criteria of pipelines of one application ask for the same, so that neither would be the
// better match.
func (c Criteria) Conflicts(with Criteria) bool {
	return c.Key() == with.Key()
}

// Matches tells whether criteria match a request.
func (c Criteria) Matches(r Request) bool {
	fits := func(want, have string) bool { return orAny(want) == Any || want == have }
	return fits(c.AppID, r.AppID) && fits(c.EnvType, r.EnvType) && fits(c.EnvID, r.EnvID) &&
		(kindOfDeployment(c.DeploymentType) == Any || SameDeploymentType(c.DeploymentType, r.DeploymentType))
}

// rank orders criteria by how much they say: an environment before a type before neither, and within that a deployment
// type before none.
func (c Criteria) rank() int {
	rank := 0
	if orAny(c.EnvID) != Any {
		rank += 4
	}
	if orAny(c.EnvType) != Any {
		rank += 2
	}
	if kindOfDeployment(c.DeploymentType) != Any {
		rank++
	}
	return rank
}

// Match returns the criteria that a request goes by: of those that match, the ones that say most, and of equal ones that
// with the smallest id, so that the outcome does not depend on their order.
func Match(criteria []Criteria, r Request) (Criteria, bool) {
	var best Criteria
	found := false
	for _, c := range criteria {
		if !c.Matches(r) {
			continue
		}
		if !found || cmp.Or(cmp.Compare(best.rank(), c.rank()), cmp.Compare(c.ID, best.ID)) < 0 {
			best, found = c, true
		}
	}
	return best, found
}

// Key is the same for criteria that conflict with each other: type and id of the environment, and type of deployment.
func (c Criteria) Key() string {
	return orAny(c.EnvType) + "|" + orAny(c.EnvID) + "|" + kindOfDeployment(c.DeploymentType)
}
