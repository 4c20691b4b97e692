package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"time"

	sqlite "modernc.org/sqlite"

	"github.com/slipway-dev/slipway/internal/store/sqlitegorm"
)

// busyTimeout is how long a connection waits for another process that writes.
const busyTimeout = 5 * time.Second

// openSQLite opens two pools on the file: one connection that writes, so that
// writers of this process queue in the pool and never fail with "busy", and
// several that only read. In WAL mode readers see the last commit and never
// wait for the writer.
func (s *Store) openSQLite(where location, o Options) error {
	if o.MaxOpen <= 0 {
		o.MaxOpen = 8
	}
	writing, err := openSQLiteFile(where, writerPragmas(), 1)
	if err != nil {
		return err
	}
	s.pools = []*sql.DB{writing}
	reading, err := openSQLiteFile(where, readerPragmas(), o.MaxOpen)
	if err != nil {
		return err
	}
	// The writer closes last: that folds the WAL into the file.
	s.pools = []*sql.DB{reading, writing}
	if s.read, err = newGORM(sqlitegorm.New(reading), o); err != nil {
		return err
	}
	s.write, err = newGORM(sqlitegorm.New(writing), o)
	return err
}

// writerPragmas: synchronous=FULL syncs the WAL at every commit. NORMAL would
// survive a killed process too, but a power cut could take back commits, among
// them a GUResID that is stored before a driver creates what it names.
// Transactions begin IMMEDIATE, so that one that reads first and writes later
// cannot find its snapshot outdated.
func writerPragmas() url.Values {
	return url.Values{
		"_txlock": {"immediate"},
		"_pragma": {
			fmt.Sprintf("busy_timeout(%d)", busyTimeout.Milliseconds()),
			"journal_mode(WAL)",
			"synchronous(FULL)",
			"foreign_keys(1)",
			"journal_size_limit(67108864)",
			"cache_size(-16384)",
		},
	}
}

func readerPragmas() url.Values {
	return url.Values{"_pragma": {
		fmt.Sprintf("busy_timeout(%d)", busyTimeout.Milliseconds()),
		"query_only(1)",
		"cache_size(-8192)",
	}}
}

// openSQLiteFile opens a pool and makes sure that its first connection works.
func openSQLiteFile(where location, query url.Values, connections int) (*sql.DB, error) {
	if err := createPrivateFile(where.path); err != nil {
		return nil, err
	}
	address := url.URL{Scheme: "file", Opaque: (&url.URL{Path: where.path}).EscapedPath(), RawQuery: query.Encode()}
	connector, err := sqlite.NewConnector(address.String())
	if err != nil {
		return nil, err
	}
	pool := sql.OpenDB(connector)
	pool.SetMaxOpenConns(connections)
	pool.SetMaxIdleConns(connections)
	var tables int
	err = pool.QueryRowContext(context.Background(), "SELECT count(*) FROM sqlite_master").Scan(&tables)
	if err != nil {
		_ = pool.Close()
		return nil, err
	}
	return pool, nil
}

// createPrivateFile makes a missing database file readable by its owner only;
// SQLite gives its companions (-wal, -shm) the same mode.
func createPrivateFile(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("folder %s does not exist", filepath.Dir(path))
	}
	if err != nil {
		return err
	}
	return f.Close()
}
