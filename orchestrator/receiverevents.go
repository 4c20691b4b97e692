package orchestrator

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
)

// receivedEvent is what a request tells, whoever sent it.
type receivedEvent struct {
	id         string
	event      string
	kind       string
	reason     string // why it concerns no preview
	repository string
	branch     string
	commit     string
}

// authentic reports whether whoever sent a request knows the secret. GitHub
// signs the body (X-Hub-Signature-256: sha256=HMAC), GitLab sends the secret
// (X-Gitlab-Token). Both are compared in constant time.
//
// Source: docs.github.com, "Validating webhook deliveries"; docs.gitlab.com, "Webhooks".
func authentic(vendor string, header http.Header, body, secret []byte) bool {
	if vendor == VendorGitLab {
		given := sha256.Sum256([]byte(header.Get("X-Gitlab-Token")))
		want := sha256.Sum256(secret)
		return subtle.ConstantTimeCompare(given[:], want[:]) == 1
	}
	given, err := hex.DecodeString(strings.TrimPrefix(header.Get("X-Hub-Signature-256"), "sha256="))
	if err != nil {
		return false
	}
	mac := hmac.New(sha256.New, secret)
	mac.Write(body)
	return hmac.Equal(given, mac.Sum(nil))
}

// readEvent understands a request. What it cannot understand is CodeInvalid;
// what concerns no preview has a reason.
func readEvent(vendor string, header http.Header, body []byte) (receivedEvent, error) {
	e, err := readGitHub(header, body)
	if vendor == VendorGitLab {
		e, err = readGitLab(header, body)
	}
	if err != nil {
		return e, err
	}
	if e.id == "" { // the same text is the same delivery
		sum := sha256.Sum256(body)
		e.id = "body-" + hex.EncodeToString(sum[:16])
	}
	if len(e.id) > maxKey || len(e.branch) > maxText {
		return e, Invalidf("the delivery's id or branch is too long")
	}
	if e.kind == "" {
		e.kind = ReceivedOther
	}
	return e, nil
}

// gitHubEvent is what is read of GitHub's pull_request, delete and push events.
//
// Source: docs.github.com, "Webhook events and payloads".
type gitHubEvent struct {
	Action      string `json:"action"`
	Ref         string `json:"ref"`
	RefType     string `json:"ref_type"`
	Deleted     bool   `json:"deleted"`
	PullRequest struct {
		Head struct {
			Ref  string `json:"ref"`
			SHA  string `json:"sha"`
			Repo *struct {
				FullName string `json:"full_name"`
			} `json:"repo"`
		} `json:"head"`
	} `json:"pull_request"`
	Repository struct {
		FullName string `json:"full_name"`
	} `json:"repository"`
}

func readGitHub(header http.Header, body []byte) (receivedEvent, error) {
	name := header.Get("X-Github-Event")
	out := receivedEvent{id: header.Get("X-Github-Delivery"), event: shorten(name)}
	if strings.HasPrefix(header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		form, err := url.ParseQuery(string(body))
		if err != nil {
			return out, Invalidf("the form cannot be read")
		}
		body = []byte(form.Get("payload"))
	}
	var in gitHubEvent
	if err := json.Unmarshal(body, &in); err != nil {
		return out, Invalidf("the payload is no JSON object as GitHub sends it")
	}
	out.repository = in.Repository.FullName
	switch name {
	case "pull_request":
		out.pullRequest(in)
	case "delete":
		out.branch = in.Ref
		if out.kind = ReceivedClose; in.RefType != "branch" {
			out.kind, out.reason = ReceivedOther, "a tag was deleted"
		}
	case "push":
		branch, isBranch := strings.CutPrefix(in.Ref, branchPrefix)
		out.branch = branch
		if out.kind = ReceivedClose; !in.Deleted || !isBranch {
			out.kind, out.reason = ReceivedOther, "a push deploys nothing by itself; images of it do"
		}
	default:
		out.reason = "events of this sort concern no preview"
	}
	return out, nil
}

func (e *receivedEvent) pullRequest(in gitHubEvent) {
	e.event += "." + shorten(in.Action)
	e.branch, e.commit = in.PullRequest.Head.Ref, in.PullRequest.Head.SHA
	switch in.Action {
	case "opened", "reopened", "synchronize", "ready_for_review":
		e.kind = ReceivedOpen
	case "closed":
		e.kind = ReceivedClose
	default:
		e.reason = "this action changes no preview"
		return
	}
	if repo := in.PullRequest.Head.Repo; repo == nil || repo.FullName != in.Repository.FullName {
		e.fork()
	}
}

// fork: anybody may open a pull request from a fork. It must make no environment,
// and none of a branch that has the same name may end with it.
func (e *receivedEvent) fork() {
	e.kind, e.reason = ReceivedOther, "the branch is in a fork; previews are for branches of the repository itself"
}

// gitLabEvent is what is read of GitLab's merge request and push events.
//
// Source: docs.gitlab.com, "Webhook events".
type gitLabEvent struct {
	Ref     string `json:"ref"`
	After   string `json:"after"`
	Project struct {
		Path string `json:"path_with_namespace"`
	} `json:"project"`
	Attributes struct {
		Action       string `json:"action"`
		OldRev       string `json:"oldrev"`
		SourceBranch string `json:"source_branch"`
		Source       int64  `json:"source_project_id"`
		Target       int64  `json:"target_project_id"`
		LastCommit   struct {
			ID string `json:"id"`
		} `json:"last_commit"`
	} `json:"object_attributes"`
}

func readGitLab(header http.Header, body []byte) (receivedEvent, error) {
	name := header.Get("X-Gitlab-Event")
	out := receivedEvent{id: header.Get("Idempotency-Key"), event: shorten(name)}
	if out.id == "" {
		out.id = header.Get("X-Gitlab-Event-Uuid")
	}
	var in gitLabEvent
	if err := json.Unmarshal(body, &in); err != nil {
		return out, Invalidf("the payload is no JSON object as GitLab sends it")
	}
	out.repository = in.Project.Path
	switch name {
	case "Merge Request Hook":
		out.mergeRequest(in)
	case "Push Hook":
		branch, isBranch := strings.CutPrefix(in.Ref, branchPrefix)
		out.branch = branch
		if out.kind = ReceivedClose; !isBranch || in.After == "" || strings.Trim(in.After, "0") != "" {
			out.kind, out.reason = ReceivedOther, "a push deploys nothing by itself; images of it do"
		}
	default:
		out.reason = "events of this sort concern no preview"
	}
	return out, nil
}

func (e *receivedEvent) mergeRequest(in gitLabEvent) {
	a := in.Attributes
	e.event += "." + shorten(a.Action)
	e.branch, e.commit = a.SourceBranch, a.LastCommit.ID
	switch {
	case a.Action == "open", a.Action == "reopen", a.Action == "update" && a.OldRev != "":
		e.kind = ReceivedOpen
	case a.Action == "close", a.Action == "merge":
		e.kind = ReceivedClose
	default:
		e.reason = "this action changes no preview"
		return
	}
	if a.Source != a.Target {
		e.fork()
	}
}
