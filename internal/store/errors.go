package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	sqlite "modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/slipway-dev/slipway/orchestrator"
)

// object names what a method is about, for messages.
type object struct{ kind, id string }

func (o object) String() string { return fmt.Sprintf("%s %q", o.kind, o.id) }

func (o object) missing() error { return orchestrator.NotFoundf("%s does not exist", o) }

func (o object) taken() error { return orchestrator.Conflictf("%s already exists", o) }

func (o object) changed() error {
	return orchestrator.Conflictf("%s was changed meanwhile; read it again and repeat the change", o)
}

// fault is what a database error means, whichever database it came from.
type fault int

const (
	faultOther      fault = iota
	faultUnique           // a key or unique index is taken
	faultForeignKey       // what the row refers to is missing, or it is referred to
	faultRepeat           // the transaction lost against another one: repeat it
	faultAway             // the database does not answer, or cannot write
	faultText             // a text that the database cannot hold
	faultDamaged          // the file is no database, or broken
)

// classify maps the errors of both databases and of the way to them.
func classify(err error) fault {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return classifyPostgres(pg.Code)
	}
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		return classifySQLite(lite.Code())
	}
	var connecting *pgconn.ConnectError
	var network net.Error
	lost := errors.As(err, &connecting) || errors.As(err, &network) || pgconn.SafeToRetry(err) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) ||
		errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone)
	// database/sql and pgx keep the errors of closed things to themselves.
	if lost || strings.Contains(err.Error(), "database is closed") || strings.Contains(err.Error(), "conn closed") {
		return faultAway
	}
	return faultOther
}

// classifyPostgres goes by SQLSTATE (PostgreSQL manual, appendix A).
func classifyPostgres(code string) fault {
	switch code {
	case "23505":
		return faultUnique
	case "23503", "23001":
		return faultForeignKey
	case "40001", "40P01":
		return faultRepeat
	case "22021", "22P05":
		return faultText
	case "25006": // a standby after a failover
		return faultAway
	}
	switch code[:min(2, len(code))] {
	case "08", "28", "3D", "53", "57", "58": // connection, authorization, no such database, resources, shutdown, I/O
		return faultAway
	}
	return faultOther
}

// classifySQLite goes by extended result codes, whose low byte is the primary one.
func classifySQLite(code int) fault {
	switch code {
	case sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY:
		return faultUnique
	case sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY, sqlite3.SQLITE_CONSTRAINT_TRIGGER: // RESTRICT reports as a trigger
		return faultForeignKey
	}
	switch code & 0xff {
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return faultRepeat
	case sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM:
		return faultAway
	case sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT:
		return faultDamaged
	}
	return faultOther
}

// repeatable reports whether InTx should run its function again.
func repeatable(err error) bool { return classify(err) == faultRepeat }

// fail turns a database error into the domain's, in this one place. doing
// completes "could not …". The end of the context passes through.
func (s *Store) fail(ctx context.Context, err error, doing string) error {
	if err == nil {
		return nil
	}
	var known *orchestrator.Error
	if errors.As(err, &known) {
		return err
	}
	if ctx.Err() != nil {
		return fmt.Errorf("%s: %w", doing, ctx.Err())
	}
	switch classify(err) {
	case faultUnique:
		return orchestrator.Wrapf(orchestrator.CodeConflict, err, "could not %s: it exists already", doing)
	case faultForeignKey:
		return orchestrator.Wrapf(orchestrator.CodeConflict, err, "could not %s: something it refers to is missing, or something refers to it", doing)
	case faultRepeat:
		return orchestrator.Wrapf(orchestrator.CodeUnavailable, err, "could not %s: the database is too busy; try again", doing)
	case faultAway:
		return orchestrator.Wrapf(orchestrator.CodeUnavailable, err, "could not %s: the database does not answer; try again", doing)
	case faultText:
		return orchestrator.Wrapf(orchestrator.CodeInvalid, err, "could not %s: a text holds a NUL character or invalid UTF-8; remove it", doing)
	case faultDamaged:
		return orchestrator.Wrapf(orchestrator.CodeInternal, err, "could not %s: the database file is damaged; restore it from a backup", doing)
	}
	return orchestrator.Wrapf(orchestrator.CodeInternal, err, "could not %s", doing)
}

// openError says in one line why a database cannot be opened.
func openError(where location, err error) error {
	if classify(err) == faultDamaged {
		return fmt.Errorf("%s is damaged or no SQLite database (%s): restore it from a backup, or name another file", where, oneLine(err))
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return fmt.Errorf("open %s: %s (SQLSTATE %s)", where, pg.Message, pg.Code)
	}
	if where.postgres && classify(err) == faultAway {
		return &orchestrator.Error{Code: orchestrator.CodeUnavailable, Message: fmt.Sprintf("open %s: it cannot be reached; is it running, and is the address right?", where), Err: nil}
	}
	return fmt.Errorf("open %s: %s", where, oneLine(err))
}

func oneLine(err error) string { return strings.Join(strings.Fields(err.Error()), " ") }
