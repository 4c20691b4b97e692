package git

import (
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
)

// Object is one rendered Kubernetes object.
type Object struct {
	APIVersion, Kind, Namespace, Name string
	// Tree is the object with its values revealed. For kind Secret it holds the secret data.
	Tree map[string]any
	// Kept leaves the file as it is, where an earlier delivery has written it.
	Kept bool
}

// ref names an object in messages.
func (o Object) ref() string {
	if o.Namespace == "" {
		return o.Kind + " " + o.Name
	}
	return o.Kind + " " + o.Namespace + "/" + o.Name
}

func (o Object) isSecret() bool { return o.Kind == "Secret" }

// Request is one delivery.
type Request struct {
	Target
	// Objects are all objects of the Environment: one that was delivered earlier and is not here is removed.
	Objects []Object
	// DeploymentID identifies the delivery: it is made once per id, Environment and path. For Remove it may be empty.
	DeploymentID        string
	OrgID, AppID, EnvID string
	// Author of the commit; default "Slipway". Comment is the Deployment's comment, and goes into the message.
	Author, AuthorEmail, Comment string
	SetID                        string
	// Time of the commit; default now.
	Time time.Time
	// Fingerprint is a keyed MAC as text. With it an unchanged Secret keeps its ciphertext, so Git shows no change; nil
	// encrypts every Secret anew. It must depend on a key, or the fingerprint would allow guessing of weak secrets.
	Fingerprint func(data []byte) string
	// Public are values that may stand in the open although a Secret repeats them, such as a host name.
	Public []string
	// Sensitive are further values that must not appear in the open, beside those of the Secrets.
	Sensitive []string
}

// Result tells what a delivery did. Lists are sorted and relative to the root of the repository.
type Result struct {
	// Commit is the hash of the commit of this delivery; for a Remove that found nothing the branch's newest, or "".
	Commit string
	// Unchanged says that no file differs from the commit before.
	Unchanged bool
	// Repeated says that an earlier attempt had made the commit; Written and Removed are empty then.
	Repeated         bool
	Written, Removed []string
	Branch           string
	URL              string // without credentials
}

func (r Request) environment() string { return r.OrgID + "/" + r.AppID + "/" + r.EnvID }

func (r Request) check(needDeployment bool) error {
	ids := map[string]string{"organization": r.OrgID, "application": r.AppID, "environment": r.EnvID}
	if needDeployment {
		ids["deployment"] = r.DeploymentID
	}
	for _, name := range []string{"organization", "application", "environment", "deployment"} {
		if id, needed := ids[name]; needed && strings.TrimSpace(id) == "" {
			return fmt.Errorf("the request names no %s", name)
		}
	}
	// Ids become trailers: a line break in one would be a forged trailer.
	for _, id := range []string{r.OrgID, r.AppID, r.EnvID, r.DeploymentID, r.SetID} {
		if strings.ContainsFunc(id, unicode.IsControl) {
			return errors.New("an id of the request contains a control character")
		}
	}
	return nil
}
