package orchestrator

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strings"
	"time"
)

// PreviewRule makes an environment for each branch that an image is pushed for.
type PreviewRule struct {
	OrgID      string
	AppID      string
	ID         string // 16 hex digits
	BaseEnvID  string // what the previews start from
	EnvTypeID  string // of the previews
	MatchRef   string // regular expression on refs/heads/<branch>
	TTL        time.Duration
	WarnBefore time.Duration
	IdleAfter  time.Duration
	OnFailure  string // keep | teardown
	CreatedAt  time.Time
	CreatedBy  string
}

// maxPreviewWords is how much of a branch's name the id of its preview keeps.
const maxPreviewWords = 32

var notSlug = regexp.MustCompile(`[^a-z0-9]+`)

// EnvID is the id of the preview of a branch: readable, and with a digest of rule
// and branch, so that no two branches share one.
func (r PreviewRule) EnvID(branch string) string {
	words := strings.Trim(notSlug.ReplaceAllString(strings.ToLower(branch), "-"), "-")
	if len(words) > maxPreviewWords {
		words = strings.TrimRight(words[:maxPreviewWords], "-")
	}
	sum := sha256.Sum256([]byte(r.ID + "\x00" + branch))
	id := "pr-" + hex.EncodeToString(sum[:4])
	if words == "" {
		return id
	}
	return "pr-" + words + "-" + hex.EncodeToString(sum[:4])
}

// lifetime is what ends a preview.
func (r PreviewRule) lifetime() LifetimeChange {
	return LifetimeChange{TTL: &r.TTL, WarnBefore: &r.WarnBefore, IdleAfter: &r.IdleAfter}
}
