package secrets

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"filippo.io/age"
)

// EnsureAgeIdentity gives the recipient (age1...) of the X25519 identity in the file at path and creates the file
// (mode 0600, in the form of age-keygen, which sops reads through SOPS_AGE_KEY_FILE) when there is none. Two processes
// that start together end with the same identity.
func EnsureAgeIdentity(path string) (recipient string, err error) {
	recipient, err = readAgeRecipient(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return recipient, err
	}
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		return "", fmt.Errorf("age identity %s: %w", path, err)
	}
	content := fmt.Sprintf("# public key: %s\n%s\n", identity.Recipient(), identity)
	err = writeNew(path, []byte(content))
	if errors.Is(err, fs.ErrExist) {
		return readAgeRecipient(path)
	}
	if err != nil {
		return "", fmt.Errorf("age identity %s: cannot be created: %w", path, err)
	}
	return identity.Recipient().String(), nil
}

func readAgeRecipient(path string) (string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return "", fmt.Errorf("age identity %s: %w", path, err)
	}
	if writableByOthers(info.Mode()) {
		return "", fmt.Errorf("age identity %s: can be written by others (mode %04o); chmod 600 it", path, info.Mode().Perm())
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("age identity %s: %w", path, err)
	}
	// The parser's own message may quote the line, which is the key.
	identities, err := age.ParseIdentities(strings.NewReader(string(raw)))
	if err != nil {
		return "", fmt.Errorf("age identity %s: the file holds no readable age identity; remove it to have one made", path)
	}
	for _, identity := range identities {
		if x, ok := identity.(*age.X25519Identity); ok {
			return x.Recipient().String(), nil
		}
	}
	return "", fmt.Errorf("age identity %s: the file holds no X25519 identity (AGE-SECRET-KEY-1...)", path)
}
