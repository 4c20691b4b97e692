package manifest

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation"
)

const (
	maxLabel = validation.DNS1123LabelMaxLength
	// maxName bounds names of ConfigMaps and Secrets, which are DNS subdomains.
	maxName = validation.DNS1123SubdomainMaxLength
	// maxCronJobName leaves room for the 11 characters that Kubernetes appends to name the Jobs of a CronJob.
	maxCronJobName = maxLabel - 11
)

// joinName joins parts with dashes. A name over the limit is cut and ends with a digest of the whole, so that it stays
// the same in every deployment and differs from other cut names.
func joinName(limit int, parts ...string) string {
	name := strings.Join(parts, "-")
	if len(name) <= limit {
		return name
	}
	suffix := digest(name)[:8]
	return strings.TrimRight(name[:limit-len(suffix)-1], "-.") + "-" + suffix
}

func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

func (ps *problems) dnsLabel(s string, at path) {
	if len(validation.IsDNS1123Label(s)) > 0 {
		ps.add(at, "%q is not a DNS label: lower-case letters, digits and dashes, at most %d, beginning and ending with a letter or digit", s, maxLabel)
	}
}
