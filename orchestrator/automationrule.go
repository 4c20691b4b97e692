package orchestrator

import "time"

// AutomationRule says which pushes of images an environment follows. It is
// written in one of two forms: MatchRef and Artefacts, or the older UpdateTo,
// Match and Images.
type AutomationRule struct {
	OrgID  string
	AppID  string
	EnvID  string // may not exist yet
	ID     string // 16 hex digits
	Active bool
	Type   string // update

	MatchRef         string   // regular expression on the ref; "" = every ref
	Artefacts        []string // names; empty = every artefact
	ExcludeArtefacts bool     // Artefacts lists what is not followed

	UpdateTo      string   // "" (the newer form) | branch | tag
	Match         string   // regular expression on the name of branch or tag
	Images        []string // ids of images
	ExcludeImages bool

	CreatedAt time.Time
	UpdatedAt time.Time
	Version   int64
}

// Ref returns the rule's environment.
func (r AutomationRule) Ref() EnvRef { return EnvRef{r.OrgID, r.AppID, r.EnvID} }

// Push is a new image that a rule let through to an environment. It is stored
// in the transaction that registers the image, so that nothing is lost.
type Push struct {
	OrgID             string
	AppID             string
	EnvID             string
	ID                string // UUID
	ArtefactVersionID string
	ArtefactName      string
	Image             string // NAME[:TAG][@DIGEST]
	Ref               string
	Commit            string
	RuleID            string
	Status            string // pending | deployed | ignored | failed
	Reason            string // why it was ignored or failed, or what it waits for
	DeploymentID      string // the deployment that brings it
	CreatedAt         time.Time
	HandledAt         *time.Time
	Version           int64
}

// EnvRef returns the environment of the push.
func (p Push) EnvRef() EnvRef { return EnvRef{p.OrgID, p.AppID, p.EnvID} }

// What became of a push.
const (
	PushPending  = "pending"
	PushDeployed = "deployed" // a deployment with it was accepted
	PushIgnored  = "ignored"  // nothing runs the image, a newer push came with it, or it is deployed already
	PushFailed   = "failed"
)
