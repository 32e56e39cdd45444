module pion-adapter

go 1.19
