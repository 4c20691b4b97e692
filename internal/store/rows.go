package store

import (
	"context"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
)

// key holds column conditions that are joined by AND.
type key = map[string]any

// columns holds the new values of an update, by column.
type columns = map[string]any

// batch is how many rows go into one INSERT; it keeps the widest table below
// SQLite's 32,766 parameters.
const batch = 500

// newestFirst sorts by creation, then id.
var newestFirst = clause.OrderBy{Columns: []clause.OrderByColumn{
	{Column: clause.Column{Name: "created_at"}, Desc: true}, {Column: clause.Column{Name: "id"}},
}}

// order sorts by columns, ascending.
func order(names ...string) clause.OrderBy {
	var by clause.OrderBy
	for _, name := range names {
		by.Columns = append(by.Columns, clause.OrderByColumn{Column: clause.Column{Name: name}})
	}
	return by
}

// descending sorts by one column, descending.
func descending(name string) clause.OrderBy {
	return clause.OrderBy{Columns: []clause.OrderByColumn{{Column: clause.Column{Name: name}, Desc: true}}}
}

// insert stores a row. It asks the database to skip a row whose key is taken
// rather than to fail, because a failed statement would end a transaction of
// PostgreSQL. parent is what the row's foreign key names.
func (s *Store) insert(ctx context.Context, row any, self, parent object) error {
	res := s.writer(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(row)
	if res.Error != nil && classify(res.Error) == faultForeignKey {
		return parent.missing()
	}
	if res.Error != nil {
		return s.fail(ctx, res.Error, "store "+self.String())
	}
	if res.RowsAffected == 0 {
		return self.taken()
	}
	return nil
}

// find reads the one row that meets the conditions.
func find[R any](ctx context.Context, s *Store, where key, self object) (*R, error) {
	return take[R](ctx, s, s.reader(ctx).Where(where), self)
}

func take[R any](ctx context.Context, s *Store, query *gorm.DB, self object) (*R, error) {
	var rows []R
	if err := query.Limit(1).Find(&rows).Error; err != nil {
		return nil, s.fail(ctx, err, "read "+self.String())
	}
	if len(rows) == 0 {
		return nil, self.missing()
	}
	return &rows[0], nil
}

// list reads rows and turns them into the domain's type; never nil.
func list[R, D any](ctx context.Context, s *Store, query *gorm.DB, what string, domain func(R) D) ([]D, error) {
	var rows []R
	if err := query.Find(&rows).Error; err != nil {
		return nil, s.fail(ctx, err, "list "+what)
	}
	out := make([]D, 0, len(rows))
	for _, r := range rows {
		out = append(out, domain(r))
	}
	return out, nil
}

// update writes columns of the row that still has the version it was read
// with, and advances *version.
func (s *Store) update(ctx context.Context, model any, where key, version *int64, set columns, self object) error {
	set["version"] = *version + 1
	res := s.writer(ctx).Model(model).Where(where).Where(key{"version": *version}).UpdateColumns(set)
	if res.Error != nil {
		return s.fail(ctx, res.Error, "change "+self.String())
	}
	if res.RowsAffected == 1 {
		*version++
		return nil
	}
	exists, err := s.exists(ctx, model, where, self)
	if err != nil {
		return err
	}
	if !exists {
		return self.missing()
	}
	return self.changed()
}

// overwrite writes columns of a row that has no version.
func (s *Store) overwrite(ctx context.Context, model any, where key, set columns, self object) error {
	res := s.writer(ctx).Model(model).Where(where).UpdateColumns(set)
	if res.Error != nil {
		return s.fail(ctx, res.Error, "change "+self.String())
	}
	if res.RowsAffected == 0 {
		return self.missing()
	}
	return nil
}

// remove deletes the rows that meet the conditions; none is CodeNotFound.
func (s *Store) remove(ctx context.Context, model any, where key, self object) error {
	res := s.writer(ctx).Where(where).Delete(model)
	if res.Error != nil {
		return s.fail(ctx, res.Error, "delete "+self.String())
	}
	if res.RowsAffected == 0 {
		return self.missing()
	}
	return nil
}

func (s *Store) exists(ctx context.Context, model any, where key, self object) (bool, error) {
	var n int64
	if err := s.reader(ctx).Model(model).Where(where).Limit(1).Count(&n).Error; err != nil {
		return false, s.fail(ctx, err, "look for "+self.String())
	}
	return n > 0, nil
}

// hold makes sure, inside InTx, that a row exists and stays until the end of
// the transaction: what a foreign key does, where there can be none.
func (s *Store) hold(ctx context.Context, model any, where key, strength string, self object) error {
	var held []string
	err := s.writer(ctx).Model(model).Where(where).
		Clauses(clause.Locking{Strength: strength}).Limit(1).Pluck("org_id", &held).Error
	if err != nil {
		return s.fail(ctx, err, "look for "+self.String())
	}
	if len(held) == 0 {
		return self.missing()
	}
	return nil
}

// Strengths of row locks (PostgreSQL manual, 13.3.2). The first two do not keep others from
// storing rows that refer to the locked one.
const (
	lockKeyShare    = "KEY SHARE"     // it must not be deleted
	lockNoKeyUpdate = "NO KEY UPDATE" // nobody else may lock or change it
	lockUpdate      = "UPDATE"        // nobody else may lock, change, or newly refer to it
)
