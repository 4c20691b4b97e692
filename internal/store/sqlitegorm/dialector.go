// Package sqlitegorm tells GORM how to speak to SQLite through an existing
// database/sql pool. It covers what the store needs and no more: it never
// opens a database and never changes a schema.
package sqlitegorm

import (
	"database/sql"
	"strconv"
	"strings"

	"gorm.io/gorm"
	"gorm.io/gorm/callbacks"
	"gorm.io/gorm/clause"
	"gorm.io/gorm/logger"
	"gorm.io/gorm/migrator"
	"gorm.io/gorm/schema"
)

// Dialector implements gorm.Dialector for SQLite 3.35 and newer (RETURNING).
type Dialector struct{ pool *sql.DB }

// New returns the dialect over a pool of any SQLite driver.
func New(pool *sql.DB) *Dialector { return &Dialector{pool: pool} }

// Name returns "sqlite".
func (d *Dialector) Name() string { return "sqlite" }

// Initialize hands the pool to GORM and registers what differs from its defaults.
func (d *Dialector) Initialize(db *gorm.DB) error {
	db.ConnPool = d.pool
	callbacks.RegisterDefaultCallbacks(db, &callbacks.Config{
		CreateClauses:        []string{"INSERT", "VALUES", "ON CONFLICT", "RETURNING"},
		UpdateClauses:        []string{"UPDATE", "SET", "FROM", "WHERE", "RETURNING"},
		DeleteClauses:        []string{"DELETE", "FROM", "WHERE", "RETURNING"},
		LastInsertIDReversed: true,
	})
	db.ClauseBuilders["LIMIT"] = buildLimit
	// SQLite locks the whole database; a row lock has no spelling.
	db.ClauseBuilders["FOR"] = func(clause.Clause, clause.Builder) {}
	return nil
}

// buildLimit writes an offset only together with a limit, as SQLite wants it.
func buildLimit(c clause.Clause, b clause.Builder) {
	limit, ok := c.Expression.(clause.Limit)
	if !ok {
		return
	}
	count := -1
	if limit.Limit != nil && *limit.Limit >= 0 {
		count = *limit.Limit
	}
	if count < 0 && limit.Offset <= 0 {
		return
	}
	_, _ = b.WriteString("LIMIT " + strconv.Itoa(count))
	if limit.Offset > 0 {
		_, _ = b.WriteString(" OFFSET " + strconv.Itoa(limit.Offset))
	}
}

// Migrator returns GORM's general one, which only looks: the store's schema is
// changed by SQL files alone.
func (d *Dialector) Migrator(db *gorm.DB) gorm.Migrator {
	return migrator.Migrator{Config: migrator.Config{DB: db, Dialector: d}}
}

// DataTypeOf returns SQLite's type of a field.
func (d *Dialector) DataTypeOf(field *schema.Field) string {
	switch field.DataType {
	case schema.Bool, schema.Int, schema.Uint:
		return "INTEGER"
	case schema.Float:
		return "REAL"
	case schema.Bytes:
		return "BLOB"
	}
	return "TEXT"
}

// DefaultValueOf lets SQLite number a row by itself; it knows no DEFAULT in VALUES.
func (d *Dialector) DefaultValueOf(*schema.Field) clause.Expression {
	return clause.Expr{SQL: "NULL"}
}

// BindVarTo writes a placeholder.
func (d *Dialector) BindVarTo(w clause.Writer, _ *gorm.Statement, _ any) { _ = w.WriteByte('?') }

// QuoteTo writes a quoted name; table.column becomes "table"."column".
func (d *Dialector) QuoteTo(w clause.Writer, name string) {
	for i, part := range strings.Split(name, ".") {
		if i > 0 {
			_ = w.WriteByte('.')
		}
		_, _ = w.WriteString(`"` + strings.ReplaceAll(part, `"`, `""`) + `"`)
	}
}

// Explain renders a statement for logs.
func (d *Dialector) Explain(sql string, vars ...any) string {
	return logger.ExplainSQL(sql, nil, `'`, vars...)
}

// SavePoint begins a nested transaction.
func (d *Dialector) SavePoint(tx *gorm.DB, name string) error {
	return tx.Exec("SAVEPOINT " + name).Error
}

// RollbackTo undoes a nested transaction.
func (d *Dialector) RollbackTo(tx *gorm.DB, name string) error {
	return tx.Exec("ROLLBACK TO SAVEPOINT " + name).Error
}
