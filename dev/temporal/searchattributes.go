package main

import (
	"context"
	"fmt"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/operatorservice/v1"
)

// ensureSearchAttributes adds what is missing to namespaces that were there before: those of an older database, made when
// other attributes were asked for. An attribute that exists with another type is an error; Temporal cannot change a type.
func (s *server) ensureSearchAttributes(ctx context.Context) error {
	if len(s.opts.searchAttributes) == 0 {
		return nil
	}
	client := operatorservice.NewOperatorServiceClient(s.conn)
	for _, namespace := range s.opts.namespaces {
		have, err := client.ListSearchAttributes(ctx, &operatorservice.ListSearchAttributesRequest{Namespace: namespace})
		if err != nil {
			return fmt.Errorf("list the search attributes of namespace %s: %w", namespace, err)
		}
		missing, err := missingAttributes(s.opts.searchAttributes, have.GetCustomAttributes())
		if err != nil {
			return fmt.Errorf("namespace %s: %w", namespace, err)
		}
		if len(missing) == 0 {
			continue
		}
		_, err = client.AddSearchAttributes(ctx, &operatorservice.AddSearchAttributesRequest{Namespace: namespace, SearchAttributes: missing})
		if err != nil {
			return fmt.Errorf("add search attributes to namespace %s: %w", namespace, err)
		}
	}
	return nil
}

// missingAttributes returns those of want that have lacks; both map a name to its type.
func missingAttributes(want, have map[string]enumspb.IndexedValueType) (map[string]enumspb.IndexedValueType, error) {
	missing := map[string]enumspb.IndexedValueType{}
	for name, wantType := range want {
		haveType, ok := have[name]
		if !ok {
			missing[name] = wantType
			continue
		}
		if haveType != wantType {
			return nil, fmt.Errorf("search attribute %s exists as %s, not as %s: use another name or another --db", name, haveType, wantType)
		}
	}
	return missing, nil
}
