package store

import (
	"context"
	"log/slog"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"gorm.io/gorm"
)

func TestOrganizationGuard(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	dsn := filepath.Join(t.TempDir(), "x.db")
	require.NoError(t, Migrate(ctx, dsn, slog.New(slog.DiscardHandler)))
	s, err := Open(ctx, Options{DSN: dsn})
	require.NoError(t, err)
	defer func() { require.NoError(t, s.Close()) }()

	var rows []applicationRow
	var n int64
	for name, c := range map[string]struct {
		statement func(db *gorm.DB) error
		refused   bool
	}{
		"query without":           {func(db *gorm.DB) error { return db.Where(key{"id": "a"}).Find(&rows).Error }, true},
		"query with":              {func(db *gorm.DB) error { return db.Where(key{"org_id": "o", "id": "a"}).Find(&rows).Error }, false},
		"query with text":         {func(db *gorm.DB) error { return db.Where("org_id = ? AND id = ?", "o", "a").Find(&rows).Error }, false},
		"query with alternatives": {func(db *gorm.DB) error { return db.Where("org_id = ? OR id = ?", "o", "a").Find(&rows).Error }, true},
		"query with Or":           {func(db *gorm.DB) error { return db.Where(key{"org_id": "o"}).Or(key{"id": "a"}).Find(&rows).Error }, true},
		"query with several":      {func(db *gorm.DB) error { return db.Where(key{"org_id": []string{"o", "p"}}).Find(&rows).Error }, false},
		"query with Not":          {func(db *gorm.DB) error { return db.Not(key{"org_id": "o"}).Find(&rows).Error }, true},
		"query by another column": {func(db *gorm.DB) error { return db.Where("other_org_id = ?", "o").Find(&rows).Error }, true},
		"count without":           {func(db *gorm.DB) error { return db.Model(&applicationRow{}).Count(&n).Error }, true},
		"update without": {func(db *gorm.DB) error {
			return db.Model(&applicationRow{}).Where("id = ?", "a").UpdateColumns(columns{"name": "x"}).Error
		}, true},
		"update with": {func(db *gorm.DB) error {
			return db.Model(&applicationRow{}).Where(key{"org_id": "o"}).UpdateColumns(columns{"name": "x"}).Error
		}, false},
		"delete without": {func(db *gorm.DB) error { return db.Where("id = ?", "a").Delete(&applicationRow{}).Error }, true},
		"delete with":    {func(db *gorm.DB) error { return db.Where(key{"org_id": "o"}).Delete(&applicationRow{}).Error }, false},
		"subquery without": {func(db *gorm.DB) error {
			return db.Where(key{"org_id": "o"}).Where("id IN (?)", db.Model(&environmentRow{}).Select("app_id")).Find(&rows).Error
		}, true},
		"raw":                    {func(db *gorm.DB) error { return db.Raw("SELECT * FROM applications").Scan(&rows).Error }, true},
		"exec":                   {func(db *gorm.DB) error { return db.Exec("DELETE FROM applications").Error }, true},
		"table by name":          {func(db *gorm.DB) error { return db.Table("applications").Count(&n).Error }, true},
		"a table of no one":      {func(db *gorm.DB) error { return db.Where(key{"id": "u"}).Find(&[]userRow{}).Error }, false},
		"across all, on purpose": {func(db *gorm.DB) error { return db.WithContext(systemWide(ctx)).Find(&rows).Error }, false},
		"on purpose, for others no": {func(db *gorm.DB) error {
			_ = db.WithContext(systemWide(ctx)).Find(&rows).Error
			return db.Find(&rows).Error
		}, true},
	} {
		err := c.statement(s.write.WithContext(ctx))
		if !c.refused {
			require.NoError(t, err, name)
			continue
		}
		require.ErrorIs(t, err, errNoOrganization, name)
	}
}
