package store

import (
	"context"
	"strings"

	"github.com/slipway-dev/slipway/orchestrator"
)

// likeText escapes what LIKE would understand.
var likeText = strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`)

// ListActiveResourcesIn lists resources of all environments, in the order of the primary key.
func (s *Store) ListActiveResourcesIn(ctx context.Context, org string, f orchestrator.ActiveResourceFilter) ([]orchestrator.ActiveResource, error) {
	where := key{"org_id": org}
	if f.Apps != nil {
		where["app_id"] = f.Apps
	}
	for column, value := range map[string]string{
		"env_id": f.EnvID, "env_type": f.EnvType, "res_type": f.Type, "class": f.Class, "driver_type": f.Driver, "def_id": f.Definition, "status": f.Status,
	} {
		if value != "" {
			where[column] = value
		}
	}
	if f.ScheduledDeletion != nil {
		where["scheduled_deletion"] = *f.ScheduledDeletion
	}
	query := s.reader(ctx).Omit("sealed", "depends_on").Where(where).Where("(status <> 'pending' OR deploy_id <> '')").
		Clauses(order("app_id", "env_id", "guresid")).Limit(f.Limit)
	if f.Text != "" {
		query = query.Where(`LOWER(res_type || '.' || class || '#' || res_id || ' ' || app_id || '/' || env_id || ' ' || def_id || ' ' || guresid) LIKE ? ESCAPE '\'`,
			"%"+likeText.Replace(strings.ToLower(f.Text))+"%")
	}
	if at := f.After; at != nil {
		query = query.Where("(app_id, env_id, guresid) > (?, ?, ?)", at.AppID, at.EnvID, at.GUResID)
	}
	return list(ctx, s, query, "active resources", activeResourceRow.domain)
}
