module pion-pair

go 1.19
