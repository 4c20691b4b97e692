package store

import (
	"context"
	"errors"
	"regexp"
	"strings"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// errNoOrganization is a fault of this package: a statement that could see more
// than one organization.
var errNoOrganization = errors.New("refused: a statement on records of organizations without a condition on org_id")

// organizationGuard is a GORM plugin that refuses every query, update and
// delete of a table that has org_id, unless org_id is restricted. Raw SQL is
// refused because it cannot be judged. A context from systemWide is let pass.
type organizationGuard struct{}

type systemWideKey struct{}

// systemWide marks a statement that is meant to look across organizations.
// The few methods that need it say so in orchestrator.Store.
func systemWide(ctx context.Context) context.Context {
	return context.WithValue(ctx, systemWideKey{}, true)
}

// Name returns the plugin's name.
func (organizationGuard) Name() string { return "slipway:organization" }

// Initialize puts the guard before every kind of statement that has conditions.
func (organizationGuard) Initialize(db *gorm.DB) error {
	const name = "slipway:organization"
	c := db.Callback()
	return errors.Join(
		c.Query().Before("*").Register(name, requireOrganization),
		c.Row().Before("*").Register(name, requireOrganization),
		c.Update().Before("*").Register(name, requireOrganization),
		c.Delete().Before("*").Register(name, requireOrganization),
		c.Raw().Before("*").Register(name, requireOrganization),
	)
}

func requireOrganization(db *gorm.DB) {
	if db.Error == nil && !judge(db.Statement) {
		_ = db.AddError(errNoOrganization)
	}
}

// judge reports whether a statement stays within organizations, its subqueries
// included: GORM drops the error of a subquery.
func judge(stmt *gorm.Statement) bool {
	if stmt.Context.Value(systemWideKey{}) != nil {
		return true
	}
	if stmt.Schema == nil && (stmt.Model == nil || stmt.Parse(stmt.Model) != nil) || stmt.SQL.Len() > 0 {
		return false
	}
	where, _ := stmt.Clauses["WHERE"].Expression.(clause.Where)
	for _, c := range where.Exprs {
		if e, ok := c.(clause.Expr); ok && !judgeSubqueries(e) {
			return false
		}
	}
	return stmt.Schema.LookUpField("org_id") == nil || restricted(where.Exprs)
}

func judgeSubqueries(e clause.Expr) bool {
	for _, v := range e.Vars {
		if sub, ok := v.(*gorm.DB); ok && !judge(sub.Statement) {
			return false
		}
	}
	return true
}

var orgCondition = regexp.MustCompile(`(^|[\s(."])org_id"?\s*(=|IN)\s*[(?]`)

// restricted reports whether conditions joined by AND include one on org_id.
func restricted(conditions []clause.Expression) bool {
	found := false
	for _, c := range conditions {
		switch e := c.(type) {
		case clause.OrConditions:
			return false
		case clause.Eq:
			found = found || isOrgID(e.Column)
		case clause.IN:
			found = found || isOrgID(e.Column)
		case clause.AndConditions:
			found = found || restricted(e.Exprs)
		case clause.Expr:
			found = found || orgCondition.MatchString(e.SQL) && !strings.Contains(strings.ToUpper(e.SQL), " OR ")
		}
	}
	return found
}

func isOrgID(column any) bool {
	switch c := column.(type) {
	case string:
		return c == "org_id"
	case clause.Column:
		return c.Name == "org_id"
	}
	return false
}
