package drivers

import (
	"fmt"
	"regexp"
)

var dnsLabel = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)

// CheckDNSLabel says what keeps a name from being a DNS label: lower-case
// letters, digits and dashes, at most 63, starting and ending with a letter or
// digit (RFC 1123). Kubernetes asks this of namespaces and most names.
func CheckDNSLabel(name string) error {
	if dnsLabel.MatchString(name) {
		return nil
	}
	if name == "" {
		return fmt.Errorf("the name is empty")
	}
	if len(name) > 63 {
		return fmt.Errorf("the name %q has %d characters; 63 are allowed", name, len(name))
	}
	return fmt.Errorf("the name %q may have only lower-case letters, digits and dashes, and starts and ends with a letter or digit", name)
}
