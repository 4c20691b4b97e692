// Package delivery adapts the ways to deliver to what the orchestrator asks
// for. It decides nothing about content; it never stores what is revealed.
package delivery

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/slipway-dev/slipway/engine/placeholder"
	"github.com/slipway-dev/slipway/internal/delivery/git"
	"github.com/slipway-dev/slipway/orchestrator"
)

// Git delivers to a repository that Argo CD or Flux follows.
type Git struct {
	deliverer *git.Deliverer
	options   GitOptions
}

// GitOptions are the settings of a server for all repositories.
type GitOptions struct {
	// CacheDir keeps clones between deliveries; "" keeps none.
	CacheDir string
	// AgeRecipients open the Secrets when the cluster's definition names none.
	AgeRecipients []string
}

var (
	_ orchestrator.Delivery    = (*Git)(nil)
	_ orchestrator.SecretTaker = (*Git)(nil)
)

// NewGit builds the delivery for clusters of type git.
func NewGit(o GitOptions) *Git { return &Git{deliverer: git.New(), options: o} }

// Identify names repository, branch and path.
func (g *Git) Identify(t orchestrator.Target) (kind, url string, err error) {
	target, err := g.target(t)
	if err != nil {
		return "", "", err
	}
	shown, err := target.Shown()
	if err != nil {
		return "", "", orchestrator.Invalidf("resource k8s-cluster: %v", err)
	}
	return "git", fmt.Sprintf("%s#%s:%s", shown, target.Branch, target.Path), nil
}

// TakesSecrets tells whether there is somebody to encrypt Secrets to.
func (g *Git) TakesSecrets(t orchestrator.Target) bool {
	target, err := g.target(t)
	return err != nil || (target.SecretsMode != git.SecretsRefuse && len(target.AgeRecipients) > 0)
}

// Deliver makes one commit for the deployment.
func (g *Git) Deliver(ctx context.Context, r orchestrator.DeliveryRequest) (orchestrator.DeliveryResult, error) {
	return g.run(ctx, r, g.deliverer.Deliver)
}

// Remove takes the environment's folder out of the repository.
func (g *Git) Remove(ctx context.Context, r orchestrator.DeliveryRequest) (orchestrator.DeliveryResult, error) {
	return g.run(ctx, r, g.deliverer.Remove)
}

func (g *Git) run(ctx context.Context, r orchestrator.DeliveryRequest, do func(context.Context, git.Request) (git.Result, error)) (orchestrator.DeliveryResult, error) {
	request, err := g.request(r)
	if err != nil {
		return orchestrator.DeliveryResult{}, err
	}
	result, err := do(ctx, request)
	if err != nil {
		return orchestrator.DeliveryResult{}, classify(err)
	}
	return orchestrator.DeliveryResult{
		Revision: result.Commit, URL: result.URL, Written: len(result.Written), Removed: len(result.Removed),
	}, nil
}

// classify tells what repeating cannot cure from what it may.
func classify(err error) error {
	switch {
	case errors.Is(err, git.ErrRefused):
		return orchestrator.Invalidf("%v", err)
	case errors.Is(err, git.ErrAuthentication):
		return orchestrator.Forbiddenf("%v; check the credentials of the k8s-cluster definition", err)
	case errors.Is(err, context.Canceled):
		return err
	}
	return orchestrator.Errorf(orchestrator.CodeUnavailable, "%v", err)
}

func (g *Git) request(r orchestrator.DeliveryRequest) (git.Request, error) {
	target, err := g.target(r.Target)
	if err != nil {
		return git.Request{}, err
	}
	out := git.Request{
		Target: target, DeploymentID: r.DeploymentID, SetID: r.SetID, OrgID: r.Env.OrgID, AppID: r.Env.AppID, EnvID: r.Env.EnvID,
		Author: r.Author, Comment: r.Comment, Time: r.At, Fingerprint: r.Fingerprint, Public: r.Public,
	}
	for _, o := range r.Objects {
		if o.Kind() != "Secret" {
			out.Sensitive = append(out.Sensitive, secretLeaves(o.Tree)...)
		}
		tree, _ := placeholder.Reveal(o.Tree).(map[string]any)
		out.Objects = append(out.Objects, git.Object{
			APIVersion: o.APIVersion(), Kind: o.Kind(), Namespace: o.Namespace(), Name: o.Name(), Tree: tree, Kept: o.Kept,
		})
	}
	return out, nil
}

// secretLeaves lists the secrets of an object that has no place for them, so
// that delivering it is refused.
func secretLeaves(v any) []string {
	var out []string
	switch t := v.(type) {
	case placeholder.Secret:
		return []string{fmt.Sprint(t.Value)}
	case map[string]any:
		for _, child := range t {
			out = append(out, secretLeaves(child)...)
		}
	case []any:
		for _, child := range t {
			out = append(out, secretLeaves(child)...)
		}
	}
	return out
}

// target reads the outputs of a k8s-cluster resource of type git.
func (g *Git) target(t orchestrator.Target) (git.Target, error) {
	text := func(m map[string]any, key string) string {
		s, _ := m[key].(string)
		return s
	}
	out := git.Target{
		URL: text(t.Values, "url"), Branch: text(t.Values, "branch"), Path: text(t.Values, "path"),
		SSHKey: text(t.Credentials, "ssh_key"), Username: text(t.Credentials, "username"),
		Password: text(t.Credentials, "password"), Token: text(t.Credentials, "token"),
		KnownHosts: text(t.Values, "known_hosts"), CABundle: text(t.Values, "ca_bundle"),
		SecretsMode: text(t.Values, "secrets_mode"), AgeRecipients: g.options.AgeRecipients,
	}
	if out.URL == "" {
		return out, orchestrator.Invalidf("resource k8s-cluster: the output url is missing, so there is no repository to deliver to")
	}
	if out.Branch == "" {
		out.Branch = "main"
	}
	if out.Path == "" {
		out.Path = t.Env.AppID + "/" + t.Env.EnvID
	}
	if list, ok := t.Values["age_recipients"].([]any); ok && len(list) > 0 {
		out.AgeRecipients = nil
		for _, r := range list {
			s, _ := r.(string)
			out.AgeRecipients = append(out.AgeRecipients, s)
		}
	}
	if g.options.CacheDir != "" {
		out.CacheDir = filepath.Join(g.options.CacheDir, "git")
	}
	return out, nil
}
