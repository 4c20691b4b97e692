package store

import (
	"fmt"
	"net/url"
	"path/filepath"
	"strings"
)

// location is where a database is.
type location struct {
	postgres bool
	dsn      string // PostgreSQL: the connection string
	path     string // SQLite: the file
}

// String names the database without credentials.
func (l location) String() string {
	if !l.postgres {
		return "SQLite file " + l.path
	}
	u, err := url.Parse(l.dsn)
	if err != nil {
		return "PostgreSQL"
	}
	return "PostgreSQL " + u.Host + u.Path
}

func parseDSN(dsn string) (location, error) {
	if strings.HasPrefix(dsn, "postgres://") || strings.HasPrefix(dsn, "postgresql://") {
		if _, err := url.Parse(dsn); err != nil {
			return location{}, fmt.Errorf("the address of the database is no URL; write postgres://user:password@host:port/name")
		}
		return location{postgres: true, dsn: dsn}, nil
	}
	path := strings.TrimPrefix(strings.TrimPrefix(dsn, "sqlite:"), "//")
	if !strings.HasPrefix(dsn, "sqlite:") {
		path = strings.TrimPrefix(dsn, "file:")
	}
	if path == "" {
		return location{}, fmt.Errorf("no database given; name postgres://… or the path of a SQLite file")
	}
	if scheme, _, found := strings.Cut(path, "://"); found {
		return location{}, fmt.Errorf("database scheme %q is not supported; use postgres://… or the path of a SQLite file", scheme)
	}
	if strings.Contains(path, ":memory:") {
		return location{}, fmt.Errorf("a database in memory is not supported; name a file")
	}
	if strings.ContainsAny(path, "?#") {
		return location{}, fmt.Errorf("the path of a SQLite file takes no parameters (found ? or #)")
	}
	return location{path: filepath.Clean(path)}, nil
}
