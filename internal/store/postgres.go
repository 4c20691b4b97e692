package store

import (
	"database/sql"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/driver/postgres"
)

// openPostgres opens one pool for everything.
func (s *Store) openPostgres(where location, o Options) error {
	if o.MaxOpen <= 0 {
		o.MaxOpen = 20
	}
	pool, err := openPostgresPool(where, o.MaxOpen)
	if err != nil {
		return err
	}
	s.pools = []*sql.DB{pool}
	s.write, err = newGORM(postgres.New(postgres.Config{Conn: pool}), o)
	s.read = s.write
	return err
}

func openPostgresPool(where location, connections int) (*sql.DB, error) {
	config, err := pgx.ParseConfig(where.dsn)
	if err != nil {
		// The cause repeats the connection string.
		return nil, fmt.Errorf("the address is not one of PostgreSQL; write postgres://user:password@host:port/name")
	}
	if config.RuntimeParams["application_name"] == "" {
		config.RuntimeParams["application_name"] = "slipway"
	}
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = 5 * time.Second
	}
	config.DialFunc = dialPostgres(config.ConnectTimeout)
	pool := stdlib.OpenDB(*config)
	pool.SetMaxOpenConns(connections)
	pool.SetMaxIdleConns(max(2, connections/2))
	pool.SetConnMaxIdleTime(5 * time.Minute)
	pool.SetConnMaxLifetime(time.Hour)
	return pool, nil
}
