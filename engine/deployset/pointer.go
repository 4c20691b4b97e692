package deployset

import (
	"errors"
	"strconv"
	"strings"
)

var (
	escaper   = strings.NewReplacer("~", "~0", "/", "~1")
	unescaper = strings.NewReplacer("~1", "/", "~0", "~")
)

// escapeToken writes one token of a JSON pointer (RFC 6901, section 3).
func escapeToken(token string) string { return escaper.Replace(token) }

// parsePointer splits a JSON pointer into its tokens. The empty pointer, which means the whole document, is refused:
// a delta replaces a whole module with `add`, not with an operation.
func parsePointer(pointer string) ([]string, error) {
	if pointer == "" {
		return nil, errors.New("the path is empty; name a key, such as /spec/containers")
	}
	if pointer[0] != '/' {
		return nil, errors.New("the path must start with '/'")
	}
	tokens := strings.Split(pointer[1:], "/")
	for i, token := range tokens {
		if strings.Contains(token, "~") {
			tokens[i] = unescaper.Replace(token)
		}
	}
	return tokens, nil
}

func formatPointer(tokens []string) string {
	var out strings.Builder
	for _, token := range tokens {
		out.WriteByte('/')
		out.WriteString(escapeToken(token))
	}
	return out.String()
}

// parseIndex reads an array index: decimal digits without leading zeros (RFC 6901, section 4).
func parseIndex(token string) (int, bool) {
	if token == "" || len(token) > 9 || (len(token) > 1 && token[0] == '0') {
		return 0, false
	}
	if strings.Trim(token, "0123456789") != "" {
		return 0, false
	}
	index, err := strconv.Atoi(token)
	return index, err == nil
}

// mayBeIndex reports whether a token could name an array element. A token that cannot works on objects only.
func mayBeIndex(token string) bool {
	return token == "-" || strings.Trim(token, "0123456789") == ""
}
