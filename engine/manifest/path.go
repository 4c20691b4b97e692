package manifest

import (
	"regexp"
	"strconv"
)

// path is the place of a value in a module or manifest, written as people write it: spec.containers.main.args[0].
type path string

var plainKey = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)

func (p path) key(k string) path {
	if !plainKey.MatchString(k) {
		return p + path("["+strconv.Quote(k)+"]")
	}
	if p == "" {
		return path(k)
	}
	return p + "." + path(k)
}

func (p path) index(i int) path {
	return p + path("["+strconv.Itoa(i)+"]")
}
